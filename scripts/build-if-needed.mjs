// Builds unless dist/ is newer than everything it is built from. A folder counts too: its time
// tells of files that are gone.
import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const BUILT = 'dist/main.js';
const SOURCES = ['package-lock.json', 'scripts/build.mjs', 'scripts/transpile.mjs'];

const tree = readdirSync('src', { recursive: true }).map((name) => join('src', name));
const newest = Math.max(...[...SOURCES, 'src', ...tree].map((path) => statSync(path).mtimeMs));
const built = statSync(BUILT, { throwIfNoEntry: false })?.mtimeMs ?? 0;

if (newest > built) {
  // Standard output is for what the program says that is started next.
  process.stderr.write('Building…\n');
  execFileSync('npm', ['run', 'build', '--silent'], {
    stdio: ['ignore', process.stderr, 'inherit'],
    shell: process.platform === 'win32',
  });
}
