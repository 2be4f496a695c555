import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PASSWORD, signUp, uniqueEmail } from '../../../builders/accounts.js';
import { eventually } from '../../../support/eventually.js';
import { ServedProcess } from '../../../support/served-process.js';
import { createStores, type Stores } from '../../../support/stores.js';
import { TestApp } from '../../../support/test-app.js';
import { sampled } from '../../../support/test-depth.js';
import { type SmtpStep, TestMailServer } from '../../../support/test-mail-server.js';
import { onThisMachine } from '../../../support/time-limits.js';

const ACCOUNTS = 20;
const ASKED_PER_ACCOUNT = 3;

let stores: Stores;
let mail: TestMailServer;
let apps: TestApp[];
let settings: Record<string, string>;
beforeAll(async () => {
  stores = await createStores();
  mail = await TestMailServer.start();
  settings = {
    MAIL_URL: mail.url,
    MAIL_FROM: 'Acme <no-reply@acme.example>',
    BRAND_NAME: 'Acme',
    MAIL_PER_HOUR: '4',
    PAGES_URL: 'https://app.acme.example/account',
  };
  apps = [];
  for (const _ of [1, 2]) apps.push(await TestApp.start({ stores, env: settings }));
});
beforeEach(() => {
  mail.at = () => undefined;
});
afterAll(async () => {
  await Promise.all(apps.map((app) => app.stop()));
  await mail.stop();
  await stores.drop();
});

const at = (index: number) => apps[index % apps.length] as TestApp;
const ask = (email: string, index = 0, headers: Record<string, string> = {}) =>
  at(index).api.post('/auth/recovery/request', { email }, { headers });
/** A later request is one for another secret. */
const letMinutePass = () =>
  stores.query(`UPDATE one_time_secrets SET created_at = created_at - interval '61 seconds'`);
const letTimePass = () =>
  stores.query(`WITH due AS (UPDATE outbox SET due_at = clock_timestamp() WHERE state = 'waiting')
    SELECT pg_notify('latchkey_outbox', '')`);
const WAITING = `SELECT FROM outbox WHERE state = 'waiting'`;
const waiting = async () => (await stores.query(WAITING)).length;

describe('a mail', () => {
  it('goes to the address as it is stored, says what it is about, and leaves within a second', async () => {
    const email = `Ada.${uniqueEmail()}`;
    await signUp(at(0), email);
    const answer = await ask(email.toUpperCase(), 0, {
      'User-Agent': 'Mozilla/5.0 (Android 15) Firefox/140.0 <b>https://evil.example',
    });
    expect(answer.status).toBe(202);
    const [received] = await eventually(
      () => {
        const sent = mail.sentTo(email);
        expect(sent).toHaveLength(1);
        return sent;
      },
      { within: 1 },
    );
    expect(received?.from).toBe('no-reply@acme.example');
    const headers = Object.fromEntries(received?.headers ?? []);
    expect(headers).toMatchObject({
      from: 'Acme <no-reply@acme.example>',
      to: email,
      subject: 'Acme: choose a new password',
      'auto-submitted': 'auto-generated',
      'message-id': expect.stringMatching(/^<[0-9a-f-]{36}@acme\.example>$/),
    });
    for (const body of [received?.text, received?.html]) {
      expect(body).toMatch(/https:\/\/app\.acme\.example\/account\/recover#lko_[A-Za-z0-9_-]{64}/);
      expect(body).toContain(email);
      expect(body).toContain('127.0.0.1');
    }
    expect(received?.html).toContain('“Firefox, Android”');
    expect(received?.html).not.toMatch(/<img|<script|<link|src=|http:\/\/|evil/);
  });

  it('is written in the language that was asked for, or in English', async () => {
    const email = uniqueEmail();
    await signUp(at(0), email);
    await ask(email, 0, { 'Accept-Language': 'fr;q=0.9, de-AT, en;q=0.1' });
    await eventually(() => expect(mail.sentTo(email)).toHaveLength(1), { within: 2 });
    expect(mail.sentTo(email)[0]?.text).toContain('jemand hat ein neues Passwort');
  });

  it('is nowhere before it is sent: neither its link nor its code is in the database', async () => {
    const email = uniqueEmail();
    await signUp(at(0), email);
    await ask(email);
    await eventually(() => expect(mail.sentTo(email)).toHaveLength(1), { within: 2 });
    const { text = '' } = mail.sentTo(email)[0] ?? {};
    const [token = '?'] = /lko_[\w-]{64}/.exec(text) ?? [];
    const [code = '?'] = /^[0-9A-Z]{4}-[0-9A-Z]{4}$/m.exec(text.replaceAll('\r', '')) ?? [];
    const [dump] = await stores.query<{ text: string }>(
      `SELECT (SELECT json_agg(o) FROM outbox o)::text
         || (SELECT json_agg(s) FROM one_time_secrets s)::text
         || (SELECT json_agg(e) FROM audit_events e)::text AS text`,
    );
    for (const secret of [token, code, code.replace('-', '')])
      expect(dump?.text).not.toContain(secret);
    expect(dump?.text).not.toContain(email);
  });

  it('is not sent once the mailbox has had its share of the hour, whoever asks; it waits', async () => {
    const email = uniqueEmail();
    await signUp(at(0), email);
    for (let asked = 0; asked < 6; asked++) {
      expect((await ask(email, asked)).status).toBe(202);
      await eventually(async () => expect(mail.sentTo(email).length).toBe(Math.min(asked + 1, 4)), {
        within: 2,
      });
      await letMinutePass();
    }
    await eventually(
      async () => {
        const [put] = await stores.query<{ seconds: number }>(
          `SELECT extract(epoch FROM max(due_at) - clock_timestamp())::float8 AS seconds
           FROM outbox WHERE state = 'waiting'`,
        );
        expect(put?.seconds).toBeGreaterThan(3_000);
      },
      { within: 5 },
    );
    // An hour later those that waited come: of the third secret, which has been asked for again.
    await stores.query(`UPDATE outbox SET settled_at = settled_at - interval '1 hour'
      WHERE state = 'delivered'`);
    await letTimePass();
    await eventually(async () => expect(await waiting()).toBe(0), { within: 5 });
    expect(mail.sentTo(email)).toHaveLength(6);
  });

  it('is given up at once where the server knows no such mailbox, and tried again where it is busy', async () => {
    const [unknown, busy] = [uniqueEmail(), uniqueEmail()];
    for (const email of [unknown, busy]) await signUp(at(0), email);
    mail.at = (step, address) => {
      if (step !== 'rcpt') return;
      const responseCode = address === unknown ? 550 : 451;
      const spelt = `No <${address.toUpperCase()}>, nor ${address}.`;
      throw Object.assign(new Error(spelt), { responseCode });
    };
    await ask(unknown);
    await ask(busy);
    await eventually(
      async () => {
        const rows = await stores.query<{ state: string }>(
          'SELECT state FROM outbox WHERE last_error IS NOT NULL ORDER BY state',
        );
        expect(rows.map(({ state }) => state)).toEqual(['dead', 'waiting']);
      },
      { within: 5 },
    );
    mail.at = () => undefined;
    await letTimePass();
    await eventually(() => expect(mail.sentTo(busy)).toHaveLength(1), { within: 5 });
    expect(mail.sentTo(unknown)).toEqual([]);
    const errors = await stores.query<{ error: string }>(
      'SELECT last_error AS error FROM outbox WHERE last_error IS NOT NULL',
    );
    for (const { error } of errors) expect(error).not.toContain('@');
  });
});

it('the address of a deleted account goes with it, where its last mail is given up as well', async () => {
  const user = await signUp(at(0));
  mail.at = (step, address) => {
    if (step !== 'rcpt' || address !== user.email) return;
    throw Object.assign(new Error(`No ${address.toUpperCase()}.`), { responseCode: 550 });
  };
  const { accessToken: token } = user;
  expect((await at(0).api.post('/auth/account/delete', undefined, { token })).status).toBe(204);
  await eventually(
    async () => {
      const [row] = await stores.query<{ state: string; text: string }>(
        `SELECT state, outbox::text AS text FROM outbox
         WHERE payload->>'mail' = 'account-deleted' AND payload->>'userId' = $1`,
        [user.userId],
      );
      expect(row?.state).toBe('dead');
      expect(row?.text.toLowerCase()).not.toContain(user.email.toLowerCase());
    },
    { within: 5 },
  );
});

describe('a mail server that is away under load', () => {
  it('fails no request, and loses, doubles and reorders nothing', async () => {
    const emails = Array.from({ length: ACCOUNTS }, uniqueEmail);
    await mail.stop();
    const registered = await Promise.all(
      emails.map((email, index) =>
        at(index).api.post('/auth/register', { email, password: PASSWORD }),
      ),
    );
    expect(registered.map(({ status }) => status)).toEqual(Array(ACCOUNTS).fill(201));
    const statuses: number[] = [];
    for (let asked = 0; asked < ASKED_PER_ACCOUNT; asked++) {
      const answers = await Promise.all(emails.map((email, index) => ask(email, index + asked)));
      statuses.push(...answers.map(({ status }) => status));
    }
    expect(statuses).toEqual(Array(ACCOUNTS * ASKED_PER_ACCOUNT).fill(202));
    const put = await stores.query<{ id: string; recipient: string }>(
      `SELECT id, recipient FROM outbox WHERE state = 'waiting' ORDER BY position`,
    );
    expect(put).toHaveLength(ACCOUNTS * ASKED_PER_ACCOUNT);
    await eventually(
      async () => {
        const tried = await stores.query(
          `SELECT FROM outbox WHERE state = 'waiting' AND last_error IS NOT NULL`,
        );
        expect(tried.length).toBe(ACCOUNTS);
      },
      { within: 10 },
    );
    await mail.resume();
    await letTimePass();
    await eventually(async () => expect(await waiting()).toBe(0), { within: 20 });
    const idOf = (headers: ReadonlyMap<string, string>) =>
      headers.get('message-id')?.slice(1, 37) ?? '';
    const recipients = new Map(put.map(({ id, recipient }) => [id, recipient]));
    for (const email of emails) {
      const ids = mail.sentTo(email).map(({ headers }) => idOf(headers));
      const recipient = recipients.get(ids[0] ?? '');
      expect(ids).toEqual(put.filter((one) => one.recipient === recipient).map(({ id }) => id));
      expect(ids).toHaveLength(ASKED_PER_ACCOUNT);
    }
  });
});

describe('a worker that is killed', () => {
  /** How often the mail is taken in the end: once more where only the server's answer was lost. */
  const STEPS: Readonly<Record<SmtpStep, number>> = {
    connect: 1,
    mail: 1,
    rcpt: 1,
    data: 1,
    taken: 2,
  };

  it(
    'at any step of sending leaves the mail to the next one',
    async () => {
      const ownStores = await createStores();
      const left: { email: string; times: number }[] = [];
      const inherited = async () => {
        // The lease of whoever was killed is over.
        await ownStores.query(
          `UPDATE outbox SET due_at = clock_timestamp() WHERE state = 'waiting'`,
        );
        for (const { email, times } of left.splice(0)) {
          await eventually(() => expect(mail.sentTo(email)).toHaveLength(times), { within: 5 });
          const ids = mail.sentTo(email).map(({ headers }) => headers.get('message-id'));
          expect(new Set(ids).size).toBe(1);
        }
        await eventually(async () => expect(await ownStores.query(WAITING)).toEqual([]), {
          within: 5,
        });
      };
      for (const [killedAt, times] of sampled(Object.entries(STEPS), { oneIn: 3 })) {
        const doomed = await ServedProcess.start(ownStores, settings);
        await inherited();
        const email = uniqueEmail();
        await signUp(doomed, email);
        const reached = new Promise<void>((resolve) => {
          mail.at = async (step) => {
            if (step !== killedAt) return;
            mail.at = () => undefined;
            await doomed.kill();
            resolve();
            if (step !== 'taken') throw new Error('There is no client any more.');
          };
        });
        await doomed.api.post('/auth/recovery/request', { email });
        await reached;
        left.push({ email, times });
      }
      const heir = await TestApp.start({ stores: ownStores, env: settings });
      await inherited();
      await heir.stop();
      await ownStores.drop();
    },
    onThisMachine(180_000),
  );
});
