import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { createTransport } from 'nodemailer';
import { hideMailboxes } from '../http/validation/hide-mailboxes.js';
import { Undeliverable } from '../outbox/outbox-handler.js';
import { DevMailbox } from './dev-mailbox.js';
import { MailConfig } from './mail.config.js';
import type { OutgoingMail } from './written-mail.js';

/** Connecting, TLS and the server's greeting together. */
const CONNECT_MILLISECONDS = 5_000;
/**
 * RFC 5321 section 4.5.3.2.6: a server may take ten minutes to answer once it has the mail, and whoever
 * does not wait for so long sends it twice.
 */
const SILENCE_MILLISECONDS = 600_000;
/** Only a server that answers byte by byte gets as far. */
export const LONGEST_SENDING_MILLISECONDS = 900_000;
/** A connection that is not used is not kept until somebody on the way forgets it. */
const IDLE_MILLISECONDS = 10_000;
const CONNECTIONS = 5;
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/** Hands mails to the mail server, and to `/dev/mail` where there is none. */
@Injectable()
export class Mailer implements OnApplicationShutdown {
  private readonly transport?: ReturnType<typeof smtp>;

  constructor(
    private readonly config: MailConfig,
    private readonly devMailbox: DevMailbox,
  ) {
    if (config.url !== undefined) this.transport = smtp(config.url);
  }

  /** Whether there is a mail server. */
  get sends(): boolean {
    return this.transport !== undefined;
  }

  /** Whether mails reach anybody: always outside production, in it with `MAIL_URL`. */
  get available(): boolean {
    return this.transport !== undefined || this.devMailbox.enabled;
  }

  /**
   * Resolves once the mail server has taken the mail.
   *
   * @param signal gives it up: its connection is closed
   * @throws Undeliverable when it says that there is no such mailbox; another error when it may take it
   *   later
   */
  async send(mail: OutgoingMail, signal?: AbortSignal): Promise<void> {
    if (this.transport === undefined) return this.devMailbox.keep(mail);
    const { id, to, subject, text, html } = mail;
    const from = this.config.sender;
    const domain = from.address.slice(from.address.lastIndexOf('@') + 1);
    try {
      await this.transport.sendMail({
        from,
        to: { name: '', address: to },
        subject,
        text,
        html,
        messageId: `<${id}@${domain}>`,
        headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
        disableFileAccess: true,
        disableUrlAccess: true,
        ...(signal !== undefined && { signal }),
      });
    } catch (error) {
      // Servers repeat the address, in a spelling of their own, and what goes wrong is kept and logged.
      const message = hideMailboxes(String((error as Error).message), 'the mailbox');
      throw isRefusedForGood(error) ? new Undeliverable(message) : new Error(message);
    }
  }

  /** @throws what makes the mail server unusable; does nothing where there is none */
  async verify(): Promise<void> {
    await this.transport?.verify();
  }

  onApplicationShutdown(): void {
    this.transport?.close();
  }
}

/** RFC 5321 section 4.2: a code of 5yz to RCPT is about this mailbox, and final. */
function isRefusedForGood(error: unknown): boolean {
  const { command, responseCode = 0 } = error as { command?: string; responseCode?: number };
  return command === 'RCPT TO' && responseCode >= 550 && responseCode <= 553;
}

function smtp(url: string) {
  const { protocol, hostname, port, username, password } = new URL(url);
  const secure = protocol === 'smtps:';
  return createTransport({
    pool: true,
    maxConnections: CONNECTIONS,
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? (secure ? 465 : 587) : Number(port),
    secure,
    requireTLS: !secure && !LOOPBACK.test(hostname),
    tls: { minVersion: 'TLSv1.2', rejectUnauthorized: true },
    connectionTimeout: CONNECT_MILLISECONDS,
    greetingTimeout: CONNECT_MILLISECONDS,
    socketTimeout: SILENCE_MILLISECONDS,
    idleTimeout: IDLE_MILLISECONDS,
    // Trying again is the outbox's: here it would send twice what the server has taken without an answer.
    maxRequeues: 0,
    ...(username !== '' && {
      auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) },
    }),
  });
}
