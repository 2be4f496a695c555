import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Injectable, Logger } from '@nestjs/common';
import { inSpan } from '../../../platform/tracing/in-span.js';
import { PasswordsConfig } from '../passwords.config.js';
import { passwordsErrors } from '../passwords.errors.js';
import type { HashingResults, HashingWork } from './hashing-work.js';

/** The build's: the same from `src/`, which the tests run, as from `dist/`. */
const PROGRAM = fileURLToPath(
  new URL(
    '../../../../../dist/latchkey/users/passwords/hashing/hashing-worker.js',
    import.meta.url,
  ),
);
/** It holds little besides what a hash needs, which is not of this heap. */
const NODE_FLAGS = ['--max-semi-space-size=1', '--max-old-space-size=64'];
const RETRY_AFTER_SECONDS = 2;

interface Answer {
  readonly number: number;
  readonly result?: HashingResults[HashingWork['task']];
  readonly reason?: string;
}

interface Settlers {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/**
 * Hashes passwords in a process of its own, which has the lowest priority there is: a hash takes
 * the processor time and the memory that refreshes and guarded routes leave (docs/adr/0015). The
 * applications of a process share it, if they run it alike, and it ends with them all.
 */
@Injectable()
export class HashingProcess {
  private readonly shared: SharedProcess;

  constructor({ concurrency, priority }: PasswordsConfig) {
    this.shared = SharedProcess.of(concurrency, priority);
  }

  /** @throws LatchkeyError `auth.busy` when the process has ended before it was done */
  run<Task extends HashingWork['task']>(
    work: HashingWork & { readonly task: Task },
  ): Promise<HashingResults[Task]> {
    const description = { name: 'hash', attributes: { 'latchkey.task': work.task } };
    return inSpan(description, () => this.shared.run(work) as Promise<HashingResults[Task]>);
  }
}

/** Started by the first work, and by the next one after it has ended. */
class SharedProcess {
  private static readonly all = new Map<string, SharedProcess>();

  private readonly logger = new Logger('Passwords');
  private readonly inHand = new Map<number, Settlers>();
  private lastNumber = 0;
  private child?: ChildProcess;

  private constructor(
    private readonly concurrency: number,
    private readonly priority: string,
  ) {}

  static of(concurrency: number, priority: string): SharedProcess {
    const key = `${concurrency} ${priority}`;
    const shared = SharedProcess.all.get(key) ?? new SharedProcess(concurrency, priority);
    SharedProcess.all.set(key, shared);
    return shared;
  }

  run(work: HashingWork): Promise<unknown> {
    this.child ??= this.start();
    const number = ++this.lastNumber;
    return new Promise((resolve, reject) => {
      this.inHand.set(number, { resolve, reject });
      this.child?.send({ number, work }, (error) => error && this.lost(number));
    });
  }

  private start(): ChildProcess {
    const child = fork(PROGRAM, [this.priority], {
      // No more threads than there may be hashes at once: each keeps its memory. And nothing else.
      env: { UV_THREADPOOL_SIZE: String(this.concurrency) },
      execArgv: NODE_FLAGS,
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    child.on('message', (answer: Answer) => this.settle(answer));
    child.once('exit', (code, signal) =>
      this.ended(child, `ended by ${signal ?? `exit code ${code}`}`),
    );
    child.once('error', (error) => this.ended(child, error.message));
    // Without work it does not keep the application from ending.
    child.unref();
    child.channel?.unref();
    return child;
  }

  private settle({ number, result, reason }: Answer): void {
    const settlers = this.take(number);
    if (reason === undefined) settlers?.resolve(result);
    else settlers?.reject(new Error(reason));
  }

  private ended(child: ChildProcess, how: string): void {
    if (this.child !== child) return;
    this.child = undefined;
    this.logger.error(
      `The process that hashes passwords: ${how}. The next password starts another.`,
    );
    for (const number of [...this.inHand.keys()]) this.lost(number);
  }

  private lost(number: number): void {
    this.take(number)?.reject(passwordsErrors.busy({ retryAfterSeconds: RETRY_AFTER_SECONDS }));
  }

  private take(number: number): Settlers | undefined {
    const settlers = this.inHand.get(number);
    this.inHand.delete(number);
    return settlers;
  }
}
