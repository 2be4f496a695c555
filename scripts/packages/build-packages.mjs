// Writes latchkey-client and latchkey-access into packages/, or the folder that is given, ready for
// `npm pack` and `npm publish`, from what `npm run build` and `npm run build:types` have made.
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { build } from 'esbuild';

const PUBLISHED = 'dist/latchkey/published';
const [target = 'packages'] = process.argv.slice(2);
const root = JSON.parse(await readFile('package.json', 'utf8'));

/** It verifies signatures, and stays a package of its own so that audits see it. */
const ACCESS_DEPENDENCIES = ['jsonwebtoken'];
const ACCESS_PEERS = ['@nestjs/common', '@nestjs/core', '@nestjs/swagger', 'ioredis'];

/** What is bundled of CommonJS asks for Node's own modules by `require`. */
const REQUIRE = `import { createRequire as nodeRequire } from 'node:module';
const require = nodeRequire(import.meta.url);`;

await writePackage({
  name: 'latchkey-client',
  description: 'Signs in to a Latchkey server and stays signed in, in browsers and in Node.',
  entries: {
    index: `${PUBLISHED}/client/index.js`,
    passkeys: `${PUBLISHED}/client/passkeys/index.js`,
  },
  platform: 'neutral',
  page: 'docs/client.md',
});

await writePackage({
  name: 'latchkey-access',
  description: 'Accepts the access tokens of a Latchkey server, in Nest and in plain Node services.',
  entries: { index: `${PUBLISHED}/access/verifier.js`, nest: `${PUBLISHED}/access/index.js` },
  platform: 'node',
  page: 'docs/verify-in-your-service.md',
  dependencies: ACCESS_DEPENDENCIES,
  peers: ACCESS_PEERS,
});

async function writePackage({ name, description, entries, platform, page, ...needs }) {
  const { dependencies = [], peers = [] } = needs;
  const folder = join(target, name);
  await rm(folder, { recursive: true, force: true });
  const bundled = await bundle(folder, entries, platform, [...dependencies, ...peers]);
  await writeTypes(folder, entries);
  const manifest = {
    name,
    version: root.version,
    description,
    license: root.license,
    type: 'module',
    engines: platform === 'node' ? root.engines : undefined,
    sideEffects: platform === 'node' ? undefined : false,
    main: './index.js',
    types: './index.d.ts',
    exports: {
      ...Object.fromEntries(Object.keys(entries).map((entry) => [addressOf(entry), doors(entry)])),
      './package.json': './package.json',
    },
    ...(platform === 'node' && {
      dependencies: versions(dependencies, (version) => version),
      peerDependencies: versions(peers, (version) => `^${version}`),
      peerDependenciesMeta: Object.fromEntries(peers.map((peer) => [peer, { optional: true }])),
    }),
  };
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  await copyFile('LICENSE', join(folder, 'LICENSE'));
  await copyFile(page, join(folder, 'README.md'));
  if (bundled.length > 0) {
    await writeFile(join(folder, 'THIRD-PARTY-LICENSES'), await licencesOf(bundled));
  }
}

function addressOf(entry) {
  return entry === 'index' ? '.' : `./${entry}`;
}

/** One implementation: Node.js requires ES modules. A CommonJS file is shown types of its own kind. */
function doors(entry) {
  return {
    require: { types: `./cjs/${entry}.d.ts`, default: `./${entry}.js` },
    default: { types: `./${entry}.d.ts`, default: `./${entry}.js` },
  };
}

function versions(names, range) {
  const all = { ...root.dependencies };
  return Object.fromEntries(names.map((name) => [name, range(all[name])]));
}

/** @returns the packages that are part of the bundle */
async function bundle(folder, entries, platform, external) {
  const plain = await inputsOf(entries.index, external);
  const { metafile } = await build({
    entryPoints: entries,
    bundle: true,
    splitting: true,
    chunkNames: 'chunk-[hash]',
    format: 'esm',
    platform,
    target: 'es2022',
    mainFields: ['module', 'main'],
    external,
    outdir: folder,
    metafile: true,
    banner: platform === 'node' ? { js: REQUIRE } : {},
    plugins: [{ name: 'optional', setup: (plugin) => standIn(plugin, plain) }],
  });
  const packages = Object.values(metafile.outputs)
    .flatMap(({ inputs }) => Object.entries(inputs))
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .flatMap(([path]) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []);
  return [...new Set(packages)].sort();
}

async function inputsOf(entry, external) {
  const { metafile } = await build({
    entryPoints: [entry],
    bundle: true,
    format: 'esm',
    platform: 'node',
    mainFields: ['module', 'main'],
    external,
    write: false,
    metafile: true,
  });
  return new Set(Object.keys(metafile.inputs));
}

/** What a plain service loads goes without Nest where there is none, and all do without Swagger. */
function standIn(plugin, plain) {
  const here = (name) => ({ path: join(import.meta.dirname, name) });
  plugin.onResolve({ filter: /^@nestjs\/swagger$/ }, () => here('optional-swagger.mjs'));
  plugin.onResolve({ filter: /^@nestjs\/common$/ }, ({ importer }) =>
    plain.has(relative('.', importer)) ? here('optional-nest.mjs') : undefined,
  );
}

/** The declarations that the entries reach: once as ES modules, and once as CommonJS. */
async function writeTypes(folder, entries) {
  const reached = new Set();
  const pending = Object.values(entries).map((entry) => entry.replace(/\.js$/, '.d.ts'));
  for (const file of pending) {
    if (reached.has(file)) continue;
    reached.add(file);
    const text = await readFile(file, 'utf8');
    for (const [, path] of text.matchAll(/(?:from |import\()['"](\.[^'"]+)\.js['"]/g)) {
      pending.push(`${join(dirname(file), path)}.d.ts`);
    }
  }
  await writeFile(await madeFor(join(folder, 'cjs/package.json')), '{ "type": "commonjs" }\n');
  for (const kind of ['.', 'cjs']) {
    for (const file of reached) {
      const text = await readFile(file, 'utf8');
      const copy = join(folder, kind, 'types', relative('dist/latchkey', file));
      await writeFile(await madeFor(copy), text.replace(/\n\/\/# sourceMappingURL=.*/, ''));
    }
    for (const [entry, file] of Object.entries(entries)) {
      const types = `./types/${relative('dist/latchkey', file)}`;
      await writeFile(join(folder, kind, `${entry}.d.ts`), `export * from '${types}';\n`);
    }
  }
}

async function madeFor(file) {
  await mkdir(dirname(file), { recursive: true });
  return file;
}

async function licencesOf(packages) {
  const texts = packages.map(async (name) => {
    const folder = join('node_modules', name);
    const { version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
    const file = ['LICENSE', 'LICENSE.md', 'license', 'LICENCE'].find((one) =>
      existsSync(join(folder, one)),
    );
    const text = file === undefined ? `License: ${license}` : await readFile(join(folder, file), 'utf8');
    return `${name} ${version}\n\n${text.trim()}\n`;
  });
  return (await Promise.all(texts)).join('\n---\n\n');
}
