import type { Logger } from '@nestjs/common';

/** Logs that something fails once, and that it works again once, however often it is tried. */
export class OutageLog {
  private down = false;
  private failureCount = 0;

  constructor(
    private readonly logger: Logger,
    private readonly what: string,
  ) {}

  /** Whether the last attempt failed. */
  get failing(): boolean {
    return this.down;
  }

  /** How many attempts have failed altogether. */
  get failures(): number {
    return this.failureCount;
  }

  succeeded(): void {
    if (this.down) this.logger.log(`${this.what}: works again.`);
    this.down = false;
  }

  failed(error: unknown): void {
    this.failureCount++;
    if (this.down) return;
    this.down = true;
    const reason = error instanceof Error ? error.message : String(error);
    this.logger.warn(`${this.what}: failed (${reason}). Trying again.`);
  }
}
