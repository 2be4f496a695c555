import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, rename, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { transform } from '@swc/core';
import { TRANSPILE } from '../../../../scripts/transpile.mjs';
import { buildPackages } from '../../../support/build-packages.js';
import { freshDirectory } from '../../../support/service-process.js';

const run = promisify(execFile);
const PACKAGE = 'latchkey-access';

/**
 * Somebody else's project: it has `latchkey-access` as it is packed, what Latchkey depends on, and
 * nothing else of it.
 */
export class ForeignProject {
  private constructor(
    readonly path: string,
    readonly remove: () => Promise<void>,
  ) {}

  static async create(): Promise<ForeignProject> {
    const { path, remove } = await freshDirectory();
    const packages = join(path, 'packages');
    await buildPackages(packages);
    await linkDependencies(join(path, 'node_modules'));
    await rename(join(packages, PACKAGE), join(path, 'node_modules', PACKAGE));
    const project = new ForeignProject(path, remove);
    await project.write('package.json', JSON.stringify({ type: 'module' }));
    return project;
  }

  async write(file: string, text: string): Promise<void> {
    await mkdir(dirname(join(this.path, file)), { recursive: true });
    await writeFile(join(this.path, file), text);
  }

  /** Copies an example of ours, compiled as its reader would, with the name that the package has. */
  async addExample(name: string): Promise<void> {
    const folder = join('examples', name);
    for (const file of await readdir(folder)) {
      const source = await readFile(join(folder, file), 'utf8');
      const { code } = await transform(source, TRANSPILE);
      const entry = source.includes('@nestjs') ? `${PACKAGE}/nest` : PACKAGE;
      const text = code.replaceAll("'latchkey/access'", `'${entry}'`);
      await this.write(join(name, file.replace(/\.ts$/, '.js')), text);
    }
  }

  /** Runs node in it. */
  async node(...args: string[]): Promise<string> {
    return (await run(process.execPath, args, { cwd: this.path })).stdout;
  }
}

/** Those that Node would install with it, each by a link. */
async function linkDependencies(to: string): Promise<void> {
  const from = join(process.cwd(), 'node_modules');
  const names = (await readdir(from)).filter((name) => !name.startsWith('.'));
  await mkdir(to);
  await Promise.all(names.map((name) => symlink(join(from, name), join(to, name))));
}
