import { Readable } from 'node:stream';
import type { INestApplicationContext, Type } from '@nestjs/common';
import { createContext } from '../../src/latchkey/boot/create-app.js';
import { LatchkeyModule } from '../../src/latchkey/latchkey.module.js';
import { runCommand } from '../../src/latchkey/operations/cli/run-command.js';
import type { Ended, ProcessEnvironment } from './service-process.js';
import { isFullDepth } from './test-depth.js';

interface Surroundings {
  readonly directory: string;
  readonly env: ProcessEnvironment;
  /** What is piped in. */
  readonly input?: string;
  readonly module?: Type;
  readonly context?: CommonContext;
}

/**
 * The application of several commands with the same settings, whose start is most of what a command costs. At full
 * depth each has one of its own, as each process has.
 */
export class CommonContext {
  private context: Promise<INestApplicationContext> | undefined;

  readonly create: typeof createContext = async (...parameters) => {
    if (isFullDepth()) return createContext(...parameters);
    this.context ??= createContext(...parameters);
    return Object.create(await this.context, { close: { value: async () => undefined } });
  };

  async close(): Promise<void> {
    await (await this.context)?.close();
  }
}

/**
 * One command of the command line, as `src/cli.ts` runs it, with a directory, an environment and
 * streams of its own; but in this process, which has loaded already what a new one takes two seconds
 * to load. One at a time.
 */
export async function runCommandLine(
  args: readonly string[],
  { directory, env, input = '', module = LatchkeyModule, context }: Surroundings,
): Promise<Ended> {
  const { PATH = '', HOME = '' } = process.env;
  const here = process.cwd();
  const { exitCode: former } = process;
  const written = { stdout: '', stderr: '' };
  const restore = [
    replace(process, 'env', { PATH, HOME, ...env }),
    replace(process, 'stdin', Readable.from(input === '' ? [] : [input])),
    ...(['stdout', 'stderr'] as const).map((name) =>
      replace(process[name], 'write', (chunk: string | Uint8Array, ...rest: unknown[]) => {
        written[name] += Buffer.from(chunk as Uint8Array).toString();
        for (const done of rest) if (typeof done === 'function') done();
        return true;
      }),
    ),
  ];
  try {
    process.chdir(directory);
    process.exitCode = undefined;
    await runCommand([...args], module, context?.create ?? createContext);
    const exitCode = Number(process.exitCode ?? 0);
    return { exitCode, output: written.stdout, errors: written.stderr };
  } finally {
    process.exitCode = former;
    process.chdir(here);
    for (const putBack of restore) putBack();
  }
}

/** @returns what puts back the property as it was */
function replace(owner: object, name: string, value: unknown): () => void {
  const former = Object.getOwnPropertyDescriptor(owner, name);
  Object.defineProperty(owner, name, { value, configurable: true, writable: true });
  return () => {
    if (former === undefined) Reflect.deleteProperty(owner, name);
    else Object.defineProperty(owner, name, former);
  };
}
