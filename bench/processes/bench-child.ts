import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

interface Reply {
  readonly number?: number;
  readonly value?: unknown;
  readonly reason?: string;
  readonly ready?: unknown;
}

export interface ChildOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly nodeFlags?: readonly string[];
}

const START_SCRIPT = fileURLToPath(new URL('./child.mjs', import.meta.url));

/** A process of the benchmark, running `dist/` and a script of ours that answers questions. */
export class BenchChild {
  private asked = 0;
  private readonly waiting = new Map<number, PromiseWithSettlers>();

  private constructor(
    private readonly child: ChildProcess,
    /** What the script said when it was ready. */
    readonly ready: unknown,
  ) {
    child.on('message', (reply: Reply) => this.settle(reply));
    child.once('exit', (code, signal) =>
      this.fail(`${child.spawnargs.at(-1)} has ended (${signal ?? code}).`),
    );
  }

  /** @param script an address such as `new URL('./x.ts', import.meta.url)` */
  static async start(script: URL, { env, nodeFlags }: ChildOptions = {}): Promise<BenchChild> {
    const child = fork(START_SCRIPT, [script.href], {
      env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
      execArgv: [...(nodeFlags ?? []), '--disable-warning=ExperimentalWarning'],
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
      serialization: 'advanced',
    });
    // Its log is read, as a log is, and thrown away.
    child.stdout?.resume();
    const first = await Promise.race([once(child, 'message'), once(child, 'exit')]);
    const [reply] = first as [Reply | number | null];
    if (typeof reply === 'object' && reply !== null && 'ready' in reply) {
      return new BenchChild(child, reply.ready);
    }
    throw new Error(`${script.pathname} ended before it was ready (${reply}).`);
  }

  ask<T>(name: string, input?: unknown): Promise<T> {
    const number = ++this.asked;
    return new Promise<T>((resolve, reject) => {
      this.waiting.set(number, { resolve: resolve as (value: unknown) => void, reject });
      this.child.send({ number, name, input });
    });
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exited = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await exited;
  }

  private settle({ number, value, reason }: Reply): void {
    if (number === undefined) return;
    const waiting = this.waiting.get(number);
    this.waiting.delete(number);
    if (reason === undefined) waiting?.resolve(value);
    else waiting?.reject(new Error(reason));
  }

  private fail(reason: string): void {
    for (const { reject } of this.waiting.values()) reject(new Error(reason));
  }
}

interface PromiseWithSettlers {
  resolve(value: unknown): void;
  reject(error: Error): void;
}
