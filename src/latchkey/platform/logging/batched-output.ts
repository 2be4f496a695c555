import { writeSync } from 'node:fs';

const BATCH_CHARACTERS = 16_384;
const LONGEST_WAIT_MILLISECONDS = 100;
/** How soon a reader that was not ready is tried again. */
const RETRY_MILLISECONDS = 10;
const MOST_HELD_CHARACTERS = 16 * 1024 * 1024;
/** How long the end of the process waits for a reader that takes nothing. */
const FAREWELL_MILLISECONDS = 2_000;

const NOTHING = Buffer.alloc(0);

/**
 * Lines on a file descriptor, many in one write: at most a tenth of a second after they were
 * written, and all of them before the process exits, however it came to that. A reader that falls
 * behind delays no request: up to 16 Mi characters wait for it, later lines are dropped and
 * counted. Only what is waiting when the process is killed (SIGKILL, a crash of Node) is lost
 * without being counted.
 */
export class BatchedOutput {
  private lines = '';
  /** What is left of a batch that was not taken whole. */
  private rest = NOTHING;
  private leftOut = 0;
  /** All that were left out since the process started. */
  private lost = 0;
  /** Of these `rest` tells in its last line. */
  private toldOf = 0;
  private exiting = false;
  private readerIsGone = false;
  private timer?: NodeJS.Timeout;

  /**
   * @param descriptor where writes do not block: of a file, or of a pipe that Node has opened
   * @param loss the line, with its end, that says how many lines were left out
   */
  constructor(
    private readonly descriptor: number,
    private readonly loss: (lines: number) => string,
  ) {
    process.once('exit', () => {
      this.exiting = true;
      this.flushSync();
    });
  }

  /** How many lines were left out since the process started. */
  get lostLines(): number {
    return this.lost;
  }

  /** @param line with its end */
  write(line: string): void {
    if (this.readerIsGone) return;
    if (this.lines.length >= MOST_HELD_CHARACTERS) {
      this.leftOut++;
      this.lost++;
      return;
    }
    this.lines += line;
    if (this.exiting) this.flushSync();
    else if (this.lines.length >= BATCH_CHARACTERS && this.rest.length === 0) this.flush();
    else this.timer ??= this.flushIn(LONGEST_WAIT_MILLISECONDS);
  }

  /** Writes everything, waiting for a reader that is slow, but not for one that has stopped. */
  flushSync(): void {
    let deadline = Date.now() + FAREWELL_MILLISECONDS;
    while (this.holdsSomething()) {
      if (this.writeOnce()) deadline = Date.now() + FAREWELL_MILLISECONDS;
      else if (Date.now() >= deadline) return;
      else sleep(RETRY_MILLISECONDS);
    }
  }

  private flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    while (this.holdsSomething() && this.timer === undefined) {
      if (!this.writeOnce()) this.timer = this.flushIn(RETRY_MILLISECONDS);
    }
  }

  private flushIn(milliseconds: number): NodeJS.Timeout {
    return setTimeout(() => this.flush(), milliseconds).unref();
  }

  private holdsSomething(): boolean {
    return this.rest.length > 0 || this.lines !== '';
  }

  /** Whether anything was taken. */
  private writeOnce(): boolean {
    if (this.rest.length === 0) this.takeBatch();
    try {
      this.rest = this.rest.subarray(writeSync(this.descriptor, this.rest));
      return true;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EAGAIN') return false;
      this.lose(code);
      return true;
    }
  }

  private takeBatch(): void {
    const loss = this.leftOut === 0 ? '' : this.loss(this.leftOut);
    this.toldOf = this.leftOut;
    this.leftOut = 0;
    this.rest = Buffer.from(this.lines + loss);
    this.lines = '';
  }

  /**
   * The service goes on without its log, for example on a full disk or after the log's reader has
   * exited.
   */
  private lose(code?: string): void {
    const lines = this.rest.toString().split('\n').length - 1;
    const ownLines = this.toldOf === 0 ? lines : lines - 1;
    this.lost += ownLines;
    this.leftOut += ownLines + this.toldOf;
    this.rest = NOTHING;
    if (code !== 'EPIPE') return;
    this.readerIsGone = true;
    this.lines = '';
  }
}

function sleep(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
