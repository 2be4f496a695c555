// Transpiles src/ into dist/, copies what is no TypeScript there, and bundles the pages. It checks no types: that is
// `npm run check`. The declarations of what the package publishes come from `npm run build:types`.
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join, relative } from 'node:path';
import { transformFile } from '@swc/core';
import { buildPages } from './build-pages.mjs';
import { TRANSPILE } from './transpile.mjs';

const ASSETS = new Set(['.html', '.css', '.js']);
/** Becomes dist/ when all of it is there: a build that is cut off leaves the one before. */
const building = `.dist-${process.pid}`;

const entries = await readdir('src', { recursive: true, withFileTypes: true });
const files = entries
  .filter((entry) => entry.isFile())
  .map((entry) => relative('src', join(entry.parentPath, entry.name)));

try {
  await Promise.all(files.map(build));
  // A team may have removed them for a front end of its own.
  if (existsSync('apps/pages')) await buildPages(join(building, 'pages'));
  await rm('dist', { recursive: true, force: true });
  await rename(building, 'dist');
} finally {
  await rm(building, { recursive: true, force: true });
}

async function build(file) {
  const target = join(building, file);
  const extension = extname(file);
  if (extension !== '.ts' && !ASSETS.has(extension)) return;
  await mkdir(dirname(target), { recursive: true });
  if (extension !== '.ts') return copyFile(join('src', file), target);

  const { code, map } = await transformFile(join('src', file), {
    ...TRANSPILE,
    swcrc: false,
    sourceMaps: true,
    sourceFileName: relative(dirname(join('dist', file)), join('src', file)),
  });
  const script = target.replace(/\.ts$/, '.js');
  await writeFile(script, `${code}//# sourceMappingURL=${basename(script)}.map\n`);
  await writeFile(`${script}.map`, map);
}
