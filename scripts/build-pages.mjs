// Bundles apps/pages: one script and one sheet, whose names follow from what they hold, so that
// browsers may keep them; `pages.json` tells the server the names.
import { copyFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { build } from 'esbuild';

const SOURCES = 'apps/pages';

/** @param target the folder that the server serves them from */
export async function buildPages(target) {
  const { metafile } = await build({
    entryPoints: [join(SOURCES, 'src/main.ts'), join(SOURCES, 'pages.css')],
    outdir: target,
    entryNames: '[name]-[hash]',
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
  });
  const names = Object.keys(metafile.outputs).map((path) => basename(path));
  const [script, sheet] = ['.js', '.css'].map((end) => names.find((name) => name.endsWith(end)));
  await writeFile(join(target, 'pages.json'), JSON.stringify({ script, sheet }));
  await copyFile(join(SOURCES, 'index.html'), join(target, 'index.html'));
  await copyFile('node_modules/uqr/LICENSE', join(target, 'THIRD-PARTY-LICENSES'));
}
