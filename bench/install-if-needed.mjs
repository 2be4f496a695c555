// Installs what only the benchmark needs, unless it is there and of this lock file.
import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';

const time = (file) =>
  statSync(join(import.meta.dirname, file), { throwIfNoEntry: false })?.mtimeMs ?? 0;

if (time('package-lock.json') > time('node_modules/.package-lock.json')) {
  process.stderr.write('Installing what only the benchmark needs, into bench/node_modules…\n');
  execFileSync('npm', ['ci', '--no-progress', '--loglevel=error'], {
    cwd: import.meta.dirname,
    // Standard output is for the figures.
    stdio: ['ignore', process.stderr, 'inherit'],
    shell: process.platform === 'win32',
  });
}
