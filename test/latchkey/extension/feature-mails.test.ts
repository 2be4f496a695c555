import { Module } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FeatureMail, type MailReader } from '../../../src/latchkey/auth/mail/feature-mail.js';
import {
  type DueFeatureMail,
  FeatureMails,
} from '../../../src/latchkey/auth/mail/feature-mails.js';
import { LatchkeyModule } from '../../../src/latchkey/latchkey.module.js';
import { layOutMail } from '../../../src/latchkey/platform/mail/written-mail.js';
import { signUp, uniqueEmail } from '../../builders/accounts.js';
import { mailsHaveLeft, mailsTo, mailTo } from '../../support/dev-mails.js';
import { createStores } from '../../support/stores.js';
import { startTestApp, TestApp } from '../../support/test-app.js';

class InvoiceDueMail extends FeatureMail {
  readonly mail: string = 'invoice-due';

  write({ email, name, product }: MailReader, { number }: Record<string, unknown>) {
    if (number === null) return null;
    return layOutMail({
      locale: 'en',
      subject: `${product}: invoice ${number} is due`,
      paragraphs: [`To ${name ?? email}.`],
      link: { label: 'See it', url: `https://app.example.com/invoices/${number}` },
      footnotes: ['You asked to be reminded.'],
    });
  }
}

class InvoiceDueOnceMore extends InvoiceDueMail {}
class NamedAsLatchkeys extends InvoiceDueMail {
  override readonly mail = 'recovery';
}

@Module({ imports: [LatchkeyModule], providers: [InvoiceDueMail] })
class Invoicing {}
@Module({ imports: [LatchkeyModule], providers: [InvoiceDueMail, InvoiceDueOnceMore] })
class TwoOfOneName {}
@Module({ imports: [LatchkeyModule], providers: [NamedAsLatchkeys] })
class TakesANameOfLatchkeys {}

let app: Awaited<ReturnType<typeof startTestApp>>;
beforeAll(async () => {
  app = await startTestApp({ MAIL_PER_HOUR: '3' }, { module: Invoicing });
});
afterAll(() => app[Symbol.asyncDispose]());

async function put(due: Omit<DueFeatureMail, 'mail'>, mail = 'invoice-due'): Promise<void> {
  const { manager } = app.nest.get(DataSource);
  await app.nest.get(FeatureMails, { strict: false }).put(manager, { mail, ...due });
}

describe('a mail of a feature', () => {
  it('is written when it is sent, for the owner of the account', async () => {
    const { userId, email } = await signUp(app);
    await app.stores.query(`UPDATE users SET name = 'Ada', email_verified = true WHERE id = $1`, [
      userId,
    ]);
    await put({ account: { id: userId, email }, facts: { number: 7 } });
    expect(await mailTo(app, email, 'invoice-due')).toMatchObject({
      subject: 'Latchkey: invoice 7 is due',
      text: expect.stringContaining('To Ada.'),
      links: ['https://app.example.com/invoices/7'],
    });
  });

  it('calls nobody by a name whose mailbox has not been proved', async () => {
    const { userId, email } = await signUp(app);
    await app.stores.query(`UPDATE users SET name = 'a text of a stranger’s' WHERE id = $1`, [
      userId,
    ]);
    await put({ account: { id: userId, email }, facts: { number: 8 } });
    expect((await mailTo(app, email, 'invoice-due')).text).toContain(`To ${email}.`);
  });

  it('is not sent with a transaction that is rolled back, nor when there is nothing left to say, nor to nobody', async () => {
    const { userId, email } = await signUp(app);
    const account = { id: userId, email };
    const mails = app.nest.get(FeatureMails, { strict: false });
    const rolledBack = app.nest.get(DataSource).transaction(async (manager) => {
      await mails.put(manager, { mail: 'invoice-due', account, facts: { number: 9 } });
      throw new Error('not today');
    });
    await expect(rolledBack).rejects.toThrow('not today');
    await put({ account, facts: { number: null } });
    const nobody = uniqueEmail();
    await put({ account: { id: null, email: nobody }, facts: { number: 9 }, cause: 'anybody' });
    await mailsHaveLeft(app);
    expect([...(await mailsTo(app, email)), ...(await mailsTo(app, nobody))]).toEqual([]);
  });

  it('has its share of the hour: the rest waits', async () => {
    const { userId, email } = await signUp(app);
    for (let number = 0; number < 4; number++) {
      await put({ account: { id: userId, email }, facts: { number } });
    }
    await mailTo(app, email, 'invoice-due');
    const states = () =>
      app.stores.query(
        `SELECT state, count(*)::int FROM outbox WHERE payload->>'userId' = $1 AND kind = 'feature-mail'
         AND (state = 'delivered' OR due_at > clock_timestamp() + interval '50 minutes')
         GROUP BY state ORDER BY state`,
        [userId],
      );
    await expect.poll(states, { timeout: 5_000 }).toEqual([
      { state: 'delivered', count: 3 },
      { state: 'waiting', count: 1 },
    ]);
  });

  it('that no class writes is refused where it is put', async () => {
    const { userId, email } = await signUp(app);
    const unknown = put({ account: { id: userId, email } }, 'invoice-paid');
    await expect(unknown).rejects.toThrow('No class extends FeatureMail for "invoice-paid".');
  });
});

it.each([
  [TwoOfOneName, 'There are two mails "invoice-due".'],
  [TakesANameOfLatchkeys, 'There are two mails "recovery".'],
])('%o does not start', async (module, message) => {
  const stores = await createStores();
  await expect(TestApp.start({ stores, module })).rejects.toThrow(message);
  await stores.drop();
});
