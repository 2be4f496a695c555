import { createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AppSecrets } from '../../platform/config/app-secrets.js';
import { emailKey } from '../../platform/http/validation/email-address.js';
import { MailConfig } from '../../platform/mail/mail.config.js';
import { OutboxQueue } from '../../platform/outbox/outbox-queue.js';

const HOUR_SECONDS = 3_600;

/**
 * Who may cause a mail: `anybody`, in the owner's name; or only those who act on the account, `the-account`.
 * Each has a queue and a share of the hour of its own, so that no flood of requests holds up the news that
 * the password has been changed.
 */
export type MailCause = 'anybody' | 'the-account';

/** What a mailbox gets in an hour, and in which order. */
@Injectable()
export class MailboxShares {
  private readonly mailboxKey: Buffer;

  constructor(
    private readonly config: MailConfig,
    private readonly queue: OutboxQueue,
    secrets: AppSecrets,
  ) {
    [this.mailboxKey] = secrets.keysFor('mailbox');
  }

  /** Stands for the mailbox where its order and share are kept, so that no address is. */
  recipientOf(address: string, cause: MailCause): string {
    const mac = createHmac('sha256', this.mailboxKey).update(emailKey(address)).digest('base64url');
    return cause === 'anybody' ? `mailbox:${mac}` : `mailbox:${mac}:account`;
  }

  /** How long the next mail has to wait; 0: not at all. */
  async secondsUntilFree(recipient: string, kind: string): Promise<number> {
    const { count, firstSecondsAgo } = await this.queue.deliveredWithin(
      recipient,
      kind,
      HOUR_SECONDS,
    );
    return count < this.config.perHour ? 0 : Math.ceil(HOUR_SECONDS - firstSecondsAgo) + 1;
  }
}
