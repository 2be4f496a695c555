import { eventually } from './eventually.js';
import type { TestApp } from './test-app.js';

/** A mail as `GET /dev/mail` shows it. */
export interface DevMail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly purpose: string;
  readonly links: string[];
  readonly code: string | null;
}

/** What has been sent to an address so far, the newest first. */
export async function mailsTo(app: Pick<TestApp, 'api'>, email: string): Promise<DevMail[]> {
  const { status, body } = await app.api.get<{ items: DevMail[] }>('/dev/mail');
  if (status !== 200) throw new Error('There is no /dev/mail where MAIL_URL names a mail server.');
  return body.items.filter(({ to }) => to === email);
}

/** The newest of a purpose, once it has come. */
export function mailTo(
  app: Pick<TestApp, 'api'>,
  email: string,
  purpose: string,
): Promise<DevMail> {
  return eventually(
    async () => {
      const newest = (await mailsTo(app, email)).find((mail) => mail.purpose === purpose);
      if (newest === undefined) throw new Error(`No mail ${purpose} has come to ${email}.`);
      return newest;
    },
    { within: 5 },
  );
}

/** What is in the link of a mail. */
export function tokenIn({ links: [link = ''] }: DevMail): string {
  const [token = ''] = /lko_[A-Za-z0-9_-]{64}/.exec(new URL(link).hash) ?? [];
  return token;
}

/** Returns once every mail that was to be sent has been, or has been dropped. */
export async function mailsHaveLeft(app: Pick<TestApp, 'stores'>): Promise<void> {
  const waiting = () => app.stores.query(`SELECT FROM outbox WHERE state = 'waiting'`);
  await eventually(
    async () => {
      if ((await waiting()).length > 0) throw new Error('Mails are waiting.');
    },
    { within: 5 },
  );
}
