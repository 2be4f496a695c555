// TypeORM's migration:generate, made safe and tidy. It compares entities with the database: while
// migrations are pending it would write their changes once more. And as it writes its file, neither tsc
// nor Node.js takes it for an ES module, nor the formatter for its own.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

const USAGE = `Usage: npm run migration:generate -- <path> [flags of TypeORM]

  Writes a migration that brings the database to what the entities say: read it by hand. Every migration
  must have been applied before (npm run migration:run).

  <path>  where, and what it does: src/notes/migrations/add-title
`;

const NAMED = 3;

const [path, ...flags] = process.argv.slice(2);
if (path === '--help') end(USAGE, 0);
if (path === undefined || path.startsWith('-')) end(USAGE, 2);

const shown = typeorm(['migration:show'], ['inherit', 'pipe', 'inherit']);
if (shown.status !== 0) end(shown.stdout ?? '', 1);
const pending = [...shown.stdout.matchAll(/^\[ \]\s*(?:\d+\s+)?(\S+)/gm)].map(([, name]) => name);
if (pending.length > 0) {
  end(
    `Apply what is pending first: npm run migration:run
The new migration would hold its changes once more. ${pending.length} pending, the newest: ${newest(pending)}.\n`,
    1,
  );
}

const folder = dirname(path);
const before = new Set(filesIn(folder));
const { status } = typeorm(['migration:generate', path, ...flags], 'inherit');
const written = filesIn(folder)
  .filter((file) => file.endsWith(`-${basename(path)}.ts`) && !before.has(file))
  .map((file) => join(folder, file));
for (const file of written) {
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replace(/^import \{ Migration/, 'import type { Migration'));
}
if (written.length > 0) {
  const biome = 'node_modules/@biomejs/biome/bin/biome';
  spawnSync(process.execPath, [biome, 'check', '--write', ...written], { stdio: 'ignore' });
}
process.exit(status ?? 1);

function typeorm([command, ...rest], stdio) {
  const args = ['node_modules/typeorm/cli.js', command, '-d', 'ormconfig.ts', ...rest];
  return spawnSync(process.execPath, ['--import', './scripts/typescript/register.mjs', ...args], {
    stdio,
    encoding: 'utf8',
  });
}

function newest(names) {
  return names.slice(-NAMED).reverse().join(', ');
}

function filesIn(path) {
  return existsSync(path) ? readdirSync(path) : [];
}

function end(text, code) {
  (code === 0 ? process.stdout : process.stderr).write(text);
  process.exit(code);
}
