import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CompleteSignIn } from '../../src/latchkey/index.js';
import { type SignedIn, signUp, signUpAdmin } from '../builders/accounts.js';
import { Barrier } from '../support/barrier.js';
import { eventually } from '../support/eventually.js';
import { recordStatements } from '../support/recorded-statements.js';
import { refusalOf, refused } from '../support/refusal.js';
import { startYourApp } from '../support/your-app.js';

interface Sms {
  readonly to: string;
  readonly text: string;
}

describe('codes by SMS', () => {
  const sent: Sms[] = [];
  const gateway = createServer(async (request, response) => {
    sent.push((await json(request)) as Sms);
    response.writeHead(202).end();
  });
  let env: Record<string, string>;
  let app: Awaited<ReturnType<typeof startYourApp>>;
  let admin: SignedIn;
  let numbers = 0;
  beforeAll(async () => {
    await new Promise<void>((resolve) => gateway.listen(0, '127.0.0.1', resolve));
    const { port } = gateway.address() as AddressInfo;
    env = { SMS_GATEWAY_URL: `http://127.0.0.1:${port}/` };
    app = await startYourApp(env);
    admin = await signUpAdmin(app);
  });
  afterAll(async () => {
    await app[Symbol.asyncDispose]();
    gateway.close();
  });

  const newNumber = () => `+49151${String(++numbers).padStart(7, '0')}`;
  const givePhone = async (userId: string, phone = newNumber()) => {
    await app.stores.query(
      'INSERT INTO user_phones (id, user_id, phone) VALUES (gen_random_uuid(), $1, $2)',
      [userId, phone],
    );
    return phone;
  };
  const userWithPhone = async () => {
    const user = await signUp(app);
    return { ...user, phone: await givePhone(user.userId) };
  };
  const ask = (phone: string) => app.api.post('/sms-codes', { phone });
  const textTo = (phone: string) =>
    eventually(
      () => {
        const sms = sent.findLast(({ to }) => to === phone);
        if (sms === undefined) throw new Error(`Nothing has been sent to ${phone}.`);
        return sms.text;
      },
      { within: 10 },
    );
  const proofFor = async (phone: string) => {
    const { ticket } = (await ask(phone)).body;
    return { ticket, code: (await textTo(phone)).replace('Your code is ', '') };
  };
  const redeem = (proof: { ticket: string; code: string }, more: object = { delivery: 'body' }) =>
    app.api.post('/sms-codes/redeem', { ...proof, ...more });
  const failedSignIns = async (limit: number) => {
    const path = `/admin/audit-events?action=sign_in.failed&limit=${limit}`;
    return (await app.api.get(path, { token: admin.accessToken })).body.items;
  };
  const INVALID = refused(401, 'auth.proof_invalid');

  it('start a session like any other, once, however many show one at once', async () => {
    const user = await userWithPhone();
    const proof = await proofFor(user.phone);
    const race = Barrier.before(app.nest.get(CompleteSignIn, { strict: false }), 'complete');
    const shown = Array.from({ length: 20 }, () => redeem(proof));
    await race.reachedBy(20);
    race.open();
    const answers = await Promise.all(shown);
    const [signedIn, ...more] = answers.filter(({ status }) => status === 200);
    expect(more).toEqual([]);
    expect(decodeJwt(signedIn?.body.accessToken)).toMatchObject({ sub: user.userId, amr: ['sms'] });
    expect(refusalOf(await redeem(proof))).toEqual(INVALID);
  });

  it('reach a browser by cookie', async () => {
    const { phone } = await userWithPhone();
    const { headers } = await redeem(await proofFor(phone), {});
    expect(headers.getSetCookie().join()).toMatch(/__Host-latchkey=lkr_/);
  });

  it('are asked for of unknown numbers with the same answer and the same statements', async () => {
    const [known, unknown] = [(await userWithPhone()).phone, newNumber()];
    const answers: Awaited<ReturnType<typeof ask>>[] = [];
    const asking = async (phone: string) => {
      const statements = await recordStatements(async () => answers.push(await ask(phone)));
      const first = statements.findIndex((text) => text.includes('"user_phones"'));
      const last = statements.findIndex((text) => text.includes('INTO audit_events'));
      return statements.slice(first, last + 1);
    };
    expect(await asking(unknown)).toEqual(await asking(known));
    const forms = answers.map(({ status, body }) => [status, body.expiresIn, body.ticket.length]);
    expect(forms).toEqual([
      [202, 600, 68],
      [202, 600, 68],
    ]);
    await textTo(known);
    const isSettled = async () =>
      expect(await app.stores.query(`SELECT FROM outbox WHERE state = 'waiting'`)).toEqual([]);
    await eventually(isSettled, { within: 10 });
    expect(sent.filter(({ to }) => to === unknown)).toEqual([]);
  });

  it('are not guessed: with five wrong ones a ticket is spent, and each is on record', async () => {
    const { phone, userId } = await userWithPhone();
    const { ticket, code } = await proofFor(phone);
    const wrong = Array.from({ length: 5 }, () => redeem({ ticket, code: '00000000' }));
    for (const answer of await Promise.all(wrong)) expect(refusalOf(answer)).toEqual(INVALID);
    expect(refusalOf(await redeem({ ticket, code }))).toEqual(INVALID);
    const failure = { outcome: 'failure', reason: 'wrong_code', targetId: userId };
    expect(await failedSignIns(6)).toMatchObject(Array.from({ length: 6 }, () => failure));
  });

  it('are good with the ticket of who asked alone', async () => {
    const { phone } = await userWithPhone();
    const { code } = await proofFor(phone);
    const { ticket } = (await ask((await userWithPhone()).phone)).body;
    expect(refusalOf(await redeem({ ticket, code }))).toEqual(INVALID);
    expect(refusalOf(await redeem({ ticket: 'lkt_made-up', code }))).toEqual(INVALID);
    expect(await failedSignIns(1)).toMatchObject([{ reason: 'wrong_code', targetId: null }]);
  });

  it('let nobody in whose account is disabled, or whose number is another one by now', async () => {
    const disabled = await userWithPhone();
    const proof = await proofFor(disabled.phone);
    const path = `/admin/users/${disabled.userId}`;
    await app.api.patch(path, { status: 'disabled' }, { token: admin.accessToken });
    expect(refusalOf(await redeem(proof))).toEqual(INVALID);
    const moved = await userWithPhone();
    const before = await proofFor(moved.phone);
    await app.stores.query('DELETE FROM user_phones WHERE user_id = $1', [moved.userId]);
    await givePhone(moved.userId);
    expect(refusalOf(await redeem(before))).toEqual(INVALID);
  });

  it('are sent to one number five times in a quarter of an hour, known or not', async () => {
    await using strict = await startYourApp({ ...env, THROTTLING: 'on' });
    const statuses: number[] = [];
    for (const phone of Array(6).fill(newNumber())) {
      statuses.push((await strict.api.post('/sms-codes', { phone })).status);
    }
    expect(statuses).toEqual([202, 202, 202, 202, 202, 429]);
  });

  it('are of a number that its owner takes along', async () => {
    const { phone, accessToken } = await userWithPhone();
    const { body } = await app.api.get('/auth/account/export', { token: accessToken });
    expect(body.phone ?? body).toEqual(phone);
  });
});
