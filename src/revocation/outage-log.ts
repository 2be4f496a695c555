import type { Logger } from '@nestjs/common';

/** Logs that something fails once, and that it works again once, however often it is tried. */
export class OutageLog {
  private failing = false;

  constructor(
    private readonly logger: Logger,
    private readonly what: string,
  ) {}

  succeeded(): void {
    if (this.failing) this.logger.log(`${this.what}: works again.`);
    this.failing = false;
  }

  failed(error: unknown): void {
    if (this.failing) return;
    this.failing = true;
    const reason = error instanceof Error ? error.message : String(error);
    this.logger.warn(`${this.what}: failed (${reason}). Trying again.`);
  }
}
