// TypeORM's migration:generate, whose file is then made to import types as types: as it writes it,
// neither tsc nor Node.js takes it for an ES module.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

const [path, ...flags] = process.argv.slice(2);
if (path === undefined) {
  process.stderr.write('Say where: npm run migration:generate -- src/notes/migrations/add-title\n');
  process.exit(2);
}

const typeorm = ['node_modules/typeorm/cli.js', 'migration:generate', '-d', 'ormconfig.ts'];
const { status } = spawnSync(
  process.execPath,
  ['--import', '@swc-node/register/esm-register', ...typeorm, path, ...flags],
  { stdio: 'inherit' },
);

const folder = dirname(path);
const written = existsSync(folder) ? readdirSync(folder) : [];
for (const name of written.filter((file) => file.endsWith(`-${basename(path)}.ts`))) {
  const text = readFileSync(join(folder, name), 'utf8');
  writeFileSync(join(folder, name), text.replace(/^import \{ Migration/, 'import type { Migration'));
}
process.exit(status ?? 1);
