import { Injectable } from '@nestjs/common';
import { RuntimeConfig } from '../config/runtime.config.js';
import { MailConfig } from './mail.config.js';
import type { OutgoingMail } from './written-mail.js';

const KEPT = 100;

export interface CapturedMail extends OutgoingMail {
  readonly createdAt: string;
}

/** What would have been sent: the last hundred mails of this process, outside production alone. */
@Injectable()
export class DevMailbox {
  private captured: readonly CapturedMail[] = [];

  constructor(
    private readonly config: MailConfig,
    private readonly runtime: RuntimeConfig,
  ) {}

  get enabled(): boolean {
    return this.config.url === undefined && !this.runtime.production;
  }

  keep(mail: OutgoingMail): void {
    const captured = { ...mail, createdAt: new Date().toISOString() };
    this.captured = [captured, ...this.captured].slice(0, KEPT);
  }

  /** The newest first. */
  list(): readonly CapturedMail[] {
    return this.captured;
  }
}
