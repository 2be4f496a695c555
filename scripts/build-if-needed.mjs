// Builds unless dist/ is newer than everything it is built from. A folder counts too: its time
// tells of files that are gone.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const BUILT = 'dist/main.js';
const SCRIPTS = ['build.mjs', 'build-pages.mjs', 'transpile.mjs'];
const SOURCES = ['package-lock.json', ...SCRIPTS.map((name) => join('scripts', name))];

const trees = ['src', 'apps/pages'].filter((folder) => existsSync(folder));
const tree = trees.flatMap((folder) => [
  folder,
  ...readdirSync(folder, { recursive: true }).map((name) => join(folder, name)),
]);
const newest = Math.max(...[...SOURCES, ...tree].map((path) => statSync(path).mtimeMs));
const built = statSync(BUILT, { throwIfNoEntry: false })?.mtimeMs ?? 0;

if (newest > built) {
  // Standard output is for what the program says that is started next.
  process.stderr.write('Building…\n');
  execFileSync('npm', ['run', 'build', '--silent'], {
    stdio: ['ignore', process.stderr, 'inherit'],
    shell: process.platform === 'win32',
  });
}
