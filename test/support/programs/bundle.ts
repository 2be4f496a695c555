import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';
import {
  ENTITY_FILES,
  MIGRATION_FILES,
} from '../../../src/latchkey/platform/database/connection/data-source-options.js';

const CACHE = resolve('node_modules/.cache/latchkey-programs');
const BUILD = resolve('dist');
const LOADER = resolve('test/support/programs/load-bundle.cjs');
const LEFTOVER_AFTER_MS = 600_000;
const SHARED_PACKAGES = resolve('test/support/programs/shared-packages.mjs');
/** Compiled for the machine, or offered by Nest and not installed. */
const LEFT_OUT = [
  'argon2',
  'bcrypt',
  'pg-native',
  '@fastify/multipart',
  '@fastify/view',
  '@nestjs/microservices',
  '@nestjs/platform-express',
  '@nestjs/websockets',
];

/**
 * The folder of `main.js` and `cli.js`: the programs of the build, with all that they load in one file.
 * Made once for each build. Workers that come at the same time both make it, and one of the two stays.
 */
export async function bundlePrograms(): Promise<string> {
  const { mtimeMs } = await stat(join(BUILD, 'main.js'));
  const folder = join(CACHE, String(mtimeMs));
  if (await stat(folder).catch(() => undefined)) return folder;
  const draft = join(CACHE, randomUUID());
  const discovered = (await readdir(BUILD, { recursive: true })).filter(
    (file) => ENTITY_FILES.test(file) || MIGRATION_FILES.test(file),
  );
  await writeBundle(join(draft, 'bundle.cjs'), discovered);
  await writePrograms(draft, discovered);
  await removeLeftovers();
  await rename(draft, folder).catch(() => rm(draft, { recursive: true, force: true }));
  return folder;
}

async function writeBundle(outfile: string, discovered: readonly string[]): Promise<void> {
  const contents = `
    import 'reflect-metadata';
    import ${JSON.stringify(SHARED_PACKAGES)};
    import { AppModule } from './app.module.js';
    import { createContext, runCommand, serve } from './latchkey/index.js';
    ${discovered.map((file, index) => `import * as file${index} from './${file}';`).join('\n')}
    export const discovered = {
      ${discovered.map((file, index) => `${JSON.stringify(file)}: file${index}`)},
    };
    export const programs = {
      main: () => serve(AppModule),
      cli: () => runCommand(process.argv.slice(2), AppModule, createContext),
    };`;
  await build({
    stdin: { contents, resolveDir: BUILD },
    outfile,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    keepNames: true,
    minifyWhitespace: true,
    logLevel: 'error',
    external: LEFT_OUT.flatMap((name) => [name, `${name}/*`]),
    // What is found by its path is required as well: `load-bundle.cjs` answers for it.
    supported: { 'dynamic-import': false },
    define: { 'import.meta.url': JSON.stringify(String(pathToFileURL(join(BUILD, 'main.js')))) },
    banner: { js: "const bundleFolder = require('node:url').pathToFileURL(__dirname);" },
    plugins: [placesOfTheBuild],
  });
}

/**
 * A module that asks where it is hears its place in the build, so that it finds what lies beside it; but
 * whoever looks for entities and migrations finds those of the bundle.
 */
const placesOfTheBuild: Plugin = {
  name: 'places-of-the-build',
  setup: ({ onLoad }) =>
    onLoad({ filter: /[\\/]dist[\\/]latchkey[\\/].*\.js$/ }, async ({ path }) => {
      const contents = await readFile(path, 'utf8');
      if (!path.startsWith(BUILD) || !contents.includes('import.meta')) return undefined;
      const place = path.endsWith('database-location.js')
        ? `bundleFolder + ${JSON.stringify(path.slice(BUILD.length))}`
        : JSON.stringify(String(pathToFileURL(path)));
      return {
        contents: contents
          .replaceAll('import.meta.url', place)
          .replaceAll('import.meta.dirname', JSON.stringify(dirname(path))),
      };
    }),
};

/** The programs; and for each file that is found by its path one that has what the bundle has of it. */
async function writePrograms(folder: string, discovered: readonly string[]): Promise<void> {
  const loader = `require(${JSON.stringify(LOADER)})`;
  for (const name of ['main', 'cli']) {
    await writeFile(join(folder, `${name}.cjs`), `${loader}.run(__dirname, '${name}');\n`);
  }
  for (const file of discovered) {
    const target = join(folder, file);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, `module.exports = ${loader}.discovered[${JSON.stringify(file)}];\n`);
  }
}

/** Bundles of former builds, and drafts that were cut off. */
async function removeLeftovers(): Promise<void> {
  for (const name of await readdir(CACHE)) {
    const path = join(CACHE, name);
    const { mtimeMs } = await stat(path);
    if (Date.now() - mtimeMs > LEFTOVER_AFTER_MS) await rm(path, { recursive: true, force: true });
  }
}
