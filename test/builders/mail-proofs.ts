import { mailsTo } from '../support/dev-mails.js';
import { eventually } from '../support/eventually.js';
import type { TestApp } from '../support/test-app.js';
import type { SignedIn } from './accounts.js';

/** What the first factor of an account takes where mail is sent. */
export interface MailProof {
  readonly ticket: string;
  readonly code: string;
}

const PURPOSE = 'factor-enrolment';

/** What the caller sends with the next factor: nothing where none is asked for. */
export async function mailProof(
  app: Pick<TestApp, 'api'>,
  user: Pick<SignedIn, 'email' | 'accessToken'>,
): Promise<{ readonly proof?: MailProof }> {
  const options = { token: user.accessToken };
  const { body } = await app.api.get('/auth/factors', options);
  return body.proofNeeded === true ? { proof: await askForProof(app, user) } : {};
}

/** Asks for the mail, and reads it in the mailbox that it goes to. */
export async function askForProof(
  app: Pick<TestApp, 'api'>,
  { email, accessToken: token }: Pick<SignedIn, 'email' | 'accessToken'>,
  mailbox = email,
): Promise<MailProof> {
  const codes = async () =>
    (await mailsTo(app, mailbox)).flatMap(({ purpose, code }) =>
      purpose === PURPOSE && code !== null ? [code] : [],
    );
  const before = await codes();
  const asked = await app.api.post('/auth/factors/proof', undefined, { token });
  if (asked.status !== 202) throw new Error(`A proof by mail was refused: ${asked.text}`);
  const code = await eventually(
    async () => {
      const fresh = (await codes()).find((one) => !before.includes(one));
      if (fresh === undefined) throw new Error(`No code has come to ${mailbox}.`);
      return fresh;
    },
    { within: 5 },
  );
  return { ticket: asked.body.ticket, code };
}
