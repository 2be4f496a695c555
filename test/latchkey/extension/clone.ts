import { execFile } from 'node:child_process';
import { cp, readdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freshDirectory, type ProcessEnvironment } from '../../support/service-process.js';

/** What lies here and is in no clone, but for the installed packages, which are linked. */
const NOT_CLONED = /^(\.git|node_modules|dist|\.dist-.*|coverage|\.latchkey|\.env|packages|bench)$/;

/** What a team has that has cloned Latchkey. */
export class Clone {
  private constructor(private readonly directory: Awaited<ReturnType<typeof freshDirectory>>) {}

  static async make(): Promise<Clone> {
    const directory = await freshDirectory();
    const clone = new Clone(directory);
    const names = (await readdir('.')).filter((name) => !NOT_CLONED.test(name));
    await Promise.all(names.map((name) => cp(name, clone.at(name), { recursive: true })));
    await symlink(join(process.cwd(), 'node_modules'), clone.at('node_modules'));
    return clone;
  }

  at(path: string): string {
    return join(this.directory.path, path);
  }

  /** Runs a program as a person does: without what this run of the tests has put into the environment. */
  async run(program: string, args: readonly string[], more: ProcessEnvironment = {}) {
    const kept = Object.fromEntries(
      Object.entries(process.env).filter(
        ([name]) => !/^(TEST|VITEST|VITE_USER|NODE_ENV|CI)/.test(name),
      ),
    );
    const options = { cwd: this.at('.'), env: { ...kept, ...more }, maxBuffer: 100_000_000 };
    return promisify(execFile)(program, args, options).then(
      ({ stdout, stderr }) => ({ exitCode: 0, output: stdout + stderr }),
      ({ code, stdout, stderr }) => ({ exitCode: Number(code), output: String(stdout + stderr) }),
    );
  }

  feature(...args: string[]) {
    return this.run('node', ['scripts/feature.mjs', ...args]);
  }

  remove(): Promise<void> {
    return this.directory.remove();
  }
}
