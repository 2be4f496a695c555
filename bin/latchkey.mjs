#!/usr/bin/env -S node --max-semi-space-size=4
// The one command of the image: `latchkey serve`, and every command of an operator.
const [command, ...more] = process.argv.slice(2);

if (command !== 'serve') await import('../dist/cli.js');
else if (more.length === 0) await import('../dist/main.js');
else {
  process.stderr.write('serve takes no arguments: it is told everything by its environment.\n');
  process.exitCode = 2;
}
