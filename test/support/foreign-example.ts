import { cp, mkdir, readdir, readFile, rename, symlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { buildPackages } from './build-packages.js';
import { eventually } from './eventually.js';
import { installForeignPackages } from './foreign-packages.js';
import { freshDirectory, type ProcessEnvironment, ServiceProcess } from './service-process.js';

const START_SECONDS = 30;
const ACCESS = 'latchkey-access';

/** An example of ours that needs packages of others, as somebody has it who has installed what it names. */
export class ForeignExample {
  private constructor(
    private readonly directory: string,
    private readonly remove: () => Promise<void>,
    private readonly running: ServiceProcess[] = [],
  ) {}

  static async install(name: string): Promise<ForeignExample> {
    await installForeignPackages();
    const { path, remove } = await freshDirectory();
    await cp(join('examples', name), path, { recursive: true });
    const { dependencies } = JSON.parse(await readFile(join(path, 'package.json'), 'utf8'));
    await link('test/foreign/node_modules', join(path, 'node_modules'));
    if (ACCESS in dependencies) await addAccess(path);
    await requireSameVersions(dependencies);
    return new ForeignExample(path, remove);
  }

  /** Starts it, and waits until it says that it serves. */
  async start(env: ProcessEnvironment): Promise<ServiceProcess> {
    const process = ServiceProcess.run([join(this.directory, 'main.mjs')], this.directory, env);
    this.running.push(process);
    await eventually(
      () => {
        if (!process.hasEnded && !process.output.includes('serves')) throw new Error('Not yet.');
      },
      { within: START_SECONDS },
    );
    if (process.hasEnded) throw new Error(`It ended: ${(await process.ended()).errors}`);
    return process;
  }

  async stop(): Promise<void> {
    await Promise.all(this.running.map((process) => process.destroy()));
    await this.remove();
  }
}

/** Every package of one folder in another, each by a link. */
async function link(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  const names = (await readdir(from)).filter((name) => !name.startsWith('.'));
  await Promise.all(names.map((name) => symlink(resolve(from, name), join(to, name))));
}

/** With what it depends on itself. */
async function addAccess(path: string): Promise<void> {
  const [packages, modules] = [join(path, 'packages'), join(path, 'node_modules')];
  await buildPackages(packages);
  await rename(join(packages, ACCESS), join(modules, ACCESS));
  await link('node_modules', join(modules, ACCESS, 'node_modules'));
}

/** The tests run what the example names. */
async function requireSameVersions(dependencies: Record<string, string>): Promise<void> {
  const tested = JSON.parse(await readFile('test/foreign/package.json', 'utf8')).dependencies;
  for (const [name, version] of Object.entries(dependencies)) {
    if (name === ACCESS || tested[name] === version) continue;
    throw new Error(`The example names ${name} ${version}, and the tests have ${tested[name]}.`);
  }
}
