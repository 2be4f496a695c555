import { DataSource, type EntityManager } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RetentionSchedule } from '../../../../src/latchkey/operations/retention/retention-schedule.js';
import type { OneTimeRequest } from '../../../../src/latchkey/tokens/one-time/issue-one-time-secret.js';
import {
  type AccountTrait,
  definedOneTimePurposes,
  defineOneTimePurpose,
  type OneTimePurpose,
} from '../../../../src/latchkey/tokens/one-time/one-time-purpose.js';
import {
  type IssuedSecret,
  OneTimeSecrets,
} from '../../../../src/latchkey/tokens/one-time/one-time-secrets.js';
import type { Proof } from '../../../../src/latchkey/tokens/one-time/proof-judge.js';
import { type SignedIn, signUp } from '../../../builders/accounts.js';
import { Instances } from '../../../support/instances.js';
import { repeated, sampled } from '../../../support/test-depth.js';

const TRAITS: AccountTrait[] = ['address', 'password', 'verification'];
const CHANGES: Readonly<Record<AccountTrait, string>> = {
  address: `email = 'other@example.com', email_key = 'other@example.com'`,
  password: 'password_version = password_version + 1',
  verification: 'email_verified = NOT email_verified',
};

const plain = defineOneTimePurpose({ name: 'test-plain', lifetimeSeconds: 600, diesWith: [] });
const anybodys = defineOneTimePurpose({
  name: 'test-anybodys',
  lifetimeSeconds: 600,
  diesWith: [],
  anybodyMayAsk: true,
});
const shared = defineOneTimePurpose({
  name: 'test-shared',
  lifetimeSeconds: 300,
  diesWith: ['password'],
  severalAtOnce: true,
  sharedBeyond: 3,
});
defineOneTimePurpose({ name: 'test-all', lifetimeSeconds: 60, diesWith: TRAITS, inSession: true });
/** Those of Latchkey, too: a new one is among them as soon as it is declared. */
const PURPOSES = definedOneTimePurposes().map((purpose) => [purpose.name, purpose] as const);
const isOfThisFile = ([name]: readonly [string, OneTimePurpose]) => name.startsWith('test-');
/** Those of this file have every trait between them. */
const ASKED = [
  ...PURPOSES.filter(isOfThisFile),
  ...sampled(
    PURPOSES.filter((one) => !isOfThisFile(one)),
    { oneIn: 5 },
  ),
];

const INVALID = { code: 'auth.proof_invalid' };
const INSTANCES = repeated({ quick: 2, full: 3 });
const PARALLEL = repeated({ quick: 20, full: 50 });

let instances: Instances;
let secrets: OneTimeSecrets[];
beforeAll(async () => {
  instances = await Instances.start(...Array(INSTANCES).fill({}));
  secrets = instances.all.map(({ app }) => app.nest.get(OneTimeSecrets, { strict: false }));
  await instances.stores.query('CREATE TABLE effects (of_secret uuid NOT NULL)');
});
afterAll(() => instances.stop());

const at = (index: number) => secrets[index % secrets.length] as OneTimeSecrets;
const dataSource = () => instances.at(0).app.nest.get(DataSource);
const owner = () => signUp(instances.at(0).app);
const sql = <Row extends object>(text: string, values: unknown[]) =>
  instances.stores.query<Row & Record<string, unknown>>(text, values);

function issue(purpose: OneTimePurpose, request: OneTimeRequest, index = 0): Promise<IssuedSecret> {
  return dataSource().transaction((manager) => at(index).issue(manager, purpose, request));
}

function issueTo(purpose: OneTimePurpose, { userId, sessionId }: SignedIn): Promise<IssuedSecret> {
  return issue(purpose, { subject: { userId }, ...(purpose.inSession && { sessionId }) });
}

async function proofsOf({ id, ticket }: IssuedSecret): Promise<{ link: Proof; code: Proof }> {
  const revealed = await at(0).reveal(id);
  if (revealed === null) throw new Error('There is nothing to reveal.');
  return { link: { token: revealed.token }, code: { ticket, code: revealed.code } };
}

/** Redeems it with an effect that can be counted. */
function redeem(purpose: OneTimePurpose, proof: Proof, index = 0, boundTo?: string) {
  const effect = async (manager: EntityManager) => {
    await manager.query('INSERT INTO effects SELECT gen_random_uuid()');
    return 'done';
  };
  return at(index).redeem(purpose, proof, effect, boundTo);
}

async function effects(): Promise<number> {
  const [row] = await sql<{ count: string }>('SELECT count(*) FROM effects', []);
  return Number(row?.count);
}

const wrongCode = (code: string) => (code.startsWith('2') ? '3' : '2') + code.slice(1);

describe.each(ASKED)('a secret for %s', (_, purpose) => {
  it.each(['link', 'code'] as const)(
    `has one effect when ${PARALLEL} show its %s at once, on ${INSTANCES} instances`,
    async (kind) => {
      const proofs = await proofsOf(await issueTo(purpose, await owner()));
      const before = await effects();
      const outcomes = await Promise.allSettled(
        Array.from({ length: PARALLEL }, (_, index) => redeem(purpose, proofs[kind], index)),
      );
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      for (const outcome of outcomes)
        if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject(INVALID);
      expect(await effects()).toBe(before + 1);
      await expect(redeem(purpose, proofs.link)).rejects.toMatchObject(INVALID);
    },
  );

  it('is not consumed by an effect that fails', async () => {
    const { link, code } = await proofsOf(await issueTo(purpose, await owner()));
    for (const proof of [link, code]) {
      const failing = at(1).redeem(purpose, proof, async (manager) => {
        await manager.query('INSERT INTO effects SELECT gen_random_uuid()');
        throw new Error('The password is refused.');
      });
      await expect(failing).rejects.toThrow('The password is refused.');
    }
    const before = await effects();
    await redeem(purpose, code);
    expect(await effects()).toBe(before + 1);
  });

  it('is nothing to another purpose', async () => {
    const proofs = await proofsOf(await issueTo(purpose, await owner()));
    for (const [, other] of PURPOSES) {
      if (other === purpose) continue;
      await expect(redeem(other, proofs.link)).rejects.toMatchObject(INVALID);
      await expect(redeem(other, proofs.code)).rejects.toMatchObject(INVALID);
    }
    await redeem(purpose, proofs.link);
  });

  it.each(TRAITS)(
    'is dead exactly if its purpose says so once this has changed: %s',
    async (trait) => {
      const user = await owner();
      const issued = await issueTo(purpose, user);
      const { link } = await proofsOf(issued);
      const change =
        trait === 'address' ? CHANGES.address.replaceAll('other', user.userId) : CHANGES[trait];
      await sql(`UPDATE users SET ${change} WHERE id = $1`, [user.userId]);
      if (purpose.diesWith.includes(trait)) {
        expect(await at(1).reveal(issued.id)).toBeNull();
        await expect(redeem(purpose, link)).rejects.toMatchObject(INVALID);
      } else await redeem(purpose, link);
    },
  );

  it.each([
    ['disabled', `UPDATE users SET status = 'disabled' WHERE id = $1`],
    ['deleted', 'DELETE FROM users WHERE id = $1'],
  ])('is dead once its account is %s', async (_, change) => {
    const user = await owner();
    const issued = await issueTo(purpose, user);
    const { link, code } = await proofsOf(issued);
    await sql(change, [user.userId]);
    expect(await at(2).reveal(issued.id)).toBeNull();
    await expect(redeem(purpose, link)).rejects.toMatchObject(INVALID);
    await expect(redeem(purpose, code)).rejects.toMatchObject(INVALID);
  });

  it('is dead once its session has ended, if it was issued in one', async () => {
    const user = await owner();
    const { link } = await proofsOf(await issueTo(purpose, user));
    await instances.at(0).app.api.post('/auth/logout', undefined, { token: user.accessToken });
    if (purpose.inSession) await expect(redeem(purpose, link)).rejects.toMatchObject(INVALID);
    else await redeem(purpose, link);
  });

  it('is dead when its time is over, and removed a day later', async () => {
    const issued = await issueTo(purpose, await owner());
    expect(issued.expiresInSeconds).toBe(purpose.lifetimeSeconds);
    const { link, code } = await proofsOf(issued);
    const age = (seconds: number) =>
      sql(
        `UPDATE one_time_secrets SET expires_at = expires_at - make_interval(secs => $2) WHERE id = $1`,
        [issued.id, seconds],
      );
    await age(purpose.lifetimeSeconds);
    await expect(redeem(purpose, link)).rejects.toMatchObject(INVALID);
    await expect(redeem(purpose, code)).rejects.toMatchObject(INVALID);
    await age(86_400);
    await instances.at(0).app.nest.get(RetentionSchedule, { strict: false }).runOnce();
    expect(await sql('SELECT FROM one_time_secrets WHERE id = $1', [issued.id])).toEqual([]);
  });
});

describe('a wrong code', () => {
  it('costs one of five tries of its ticket, however many are tried at once; the last one ends it', async () => {
    const issued = await issueTo(plain, await owner());
    const { link, code } = await proofsOf(issued);
    if (!('code' in code)) throw new Error('no code');
    const { ticket } = code;
    const guess = (index: number) => redeem(plain, { ticket, code: wrongCode(code.code) }, index);
    const four = await Promise.allSettled([0, 1, 2, 3].map(guess));
    expect(four.map(({ status }) => status)).toEqual(Array(4).fill('rejected'));
    await at(0).check(plain, code);
    await Promise.allSettled(Array.from({ length: PARALLEL }, (_, index) => guess(index)));
    await expect(redeem(plain, code)).rejects.toMatchObject(INVALID);
    await redeem(plain, link);
  });

  it('of somebody else who has asked for the same costs the owner nothing', async () => {
    const user = await owner();
    const [owners, strangers] = [await issueTo(plain, user), await issueTo(plain, user)];
    expect(strangers.id).toBe(owners.id);
    const { code } = await proofsOf(owners);
    if (!('code' in code)) throw new Error('no code');
    const { ticket } = strangers;
    for (let tried = 0; tried < 6; tried++) {
      const wrong = redeem(plain, { ticket, code: wrongCode(code.code) }, tried);
      await expect(wrong).rejects.toMatchObject(INVALID);
    }
    await expect(redeem(plain, { ticket, code: code.code })).rejects.toMatchObject(INVALID);
    await redeem(plain, code);
  });

  it('among which the right one is hidden gives no more than five tries', async () => {
    const issued = await issueTo(plain, await owner());
    const { code } = await proofsOf(issued);
    if (!('code' in code)) throw new Error('no code');
    for (let tried = 0; tried < 5; tried++) {
      const wrong = redeem(plain, { ticket: code.ticket, code: wrongCode(code.code) });
      await expect(wrong).rejects.toMatchObject(INVALID);
    }
    await expect(redeem(plain, code)).rejects.toMatchObject(INVALID);
  });

  it('is no code that was typed in another case, without the dash, or with an O for a zero', async () => {
    const { code } = await proofsOf(await issueTo(plain, await owner()));
    if (!('code' in code)) throw new Error('no code');
    expect(code.code).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/);
    const typed = ` ${code.code.toLowerCase().replace('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l')} `;
    await redeem(plain, { ticket: code.ticket, code: typed });
  });
});

describe('whoever has a part only', () => {
  it('has nothing: another ticket, a token as ticket, a cut or altered token', async () => {
    const [first, second] = [
      await issueTo(plain, await owner()),
      await issueTo(plain, await owner()),
    ];
    const { link, code } = await proofsOf(first);
    if (!('code' in code && 'token' in link)) throw new Error('no proofs');
    const { token } = link;
    const flipped = token.slice(0, -1) + (token.endsWith('A') ? 'B' : 'A');
    const tries: Proof[] = [
      { ticket: second.ticket, code: code.code },
      { ticket: token, code: code.code },
      { token: first.ticket },
      { token: first.ticket.replace('lkt_', 'lko_') },
      { token: flipped },
      { token: token.slice(0, -1) },
      { token: `${token}=` },
      { token: '' },
    ];
    for (const proof of tries) await expect(redeem(plain, proof)).rejects.toMatchObject(INVALID);
    await redeem(plain, link);
  });

  it('has no use for it without what the asking client keeps', async () => {
    const { userId } = await owner();
    const issued = await issue(plain, { subject: { userId }, boundTo: 'the browser' });
    const { link, code } = await proofsOf(issued);
    for (const boundTo of [undefined, '', 'another browser'])
      for (const proof of [link, code])
        await expect(redeem(plain, proof, 0, boundTo)).rejects.toMatchObject(INVALID);
    expect(await redeem(plain, code, 1, 'the browser')).toBe('done');
  });
});

describe('asking again', () => {
  it('gives the same secret within a minute, and does not lengthen its life', async () => {
    const user = await owner();
    const first = await issueTo(plain, user);
    await sql(
      `UPDATE one_time_secrets SET created_at = created_at - interval '50 seconds',
         expires_at = expires_at - interval '50 seconds' WHERE id = $1`,
      [first.id],
    );
    const again = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        issue(plain, { subject: { userId: user.userId } }, index),
      ),
    );
    const tickets = new Set([first, ...again].map(({ ticket }) => ticket));
    expect(tickets.size).toBe(again.length + 1);
    for (const { id, expiresInSeconds } of again) {
      expect(id).toBe(first.id);
      expect(expiresInSeconds).toBeLessThanOrEqual(plain.lifetimeSeconds - 50);
    }
    await redeem(plain, (await proofsOf(again[0] as IssuedSecret)).code);
  });

  it.each([
    ['after a minute', `created_at = created_at - interval '61 seconds'`],
    ['when it has been consumed', 'consumed_at = clock_timestamp()'],
    ['when it has expired', `expires_at = clock_timestamp() - interval '1 second'`],
  ])('replaces it %s', async (_, change) => {
    const user = await owner();
    const first = await issueTo(plain, user);
    const { link, code } = await proofsOf(first);
    await sql(`UPDATE one_time_secrets SET ${change} WHERE id = $1`, [first.id]);
    const second = await issueTo(plain, user);
    expect(second.ticket).not.toBe(first.ticket);
    expect(second.expiresInSeconds).toBe(plain.lifetimeSeconds);
    await expect(redeem(plain, link)).rejects.toMatchObject(INVALID);
    await expect(redeem(plain, code)).rejects.toMatchObject(INVALID);
    await redeem(plain, (await proofsOf(second)).link);
  });

  it('for what anybody may ask for leaves three good, then gives the newest once more', async () => {
    const user = await owner();
    const asked: IssuedSecret[] = [];
    for (let time = 0; time < 6; time++) {
      asked.push(await issueTo(anybodys, user));
      await sql(
        `UPDATE one_time_secrets SET created_at = created_at - interval '61 seconds'
         WHERE user_id = $1`,
        [user.userId],
      );
    }
    const ids = asked.map(({ id }) => id);
    expect(ids.slice(2)).toEqual(Array(4).fill(ids[2]));
    expect(new Set(ids).size).toBe(3);
    for (const one of asked) await at(1).check(anybodys, (await proofsOf(one)).code);
    const proofs = await Promise.all(asked.map(proofsOf));
    await redeem(anybodys, (proofs[0] as (typeof proofs)[0]).code);
    for (const { link } of proofs)
      await expect(redeem(anybodys, link)).rejects.toMatchObject(INVALID);
    expect(ids).not.toContain((await issueTo(anybodys, user)).id);
  });

  it('for what is shared beyond three leaves every one good, and is no more than one a minute then', async () => {
    const { userId } = await owner();
    const ask = (index: number) =>
      issue(shared, { subject: { userId }, details: { at: index, way: 'password' } }, index);
    const live = () => sql('SELECT FROM one_time_secrets WHERE user_id = $1', [userId]);
    const atOnce = await Promise.all(Array.from({ length: PARALLEL }, (_, index) => ask(index)));
    expect(new Set(atOnce.map(({ id }) => id)).size).toBe(3);
    await sql(
      `UPDATE one_time_secrets SET created_at = created_at - interval '61 seconds',
         expires_at = expires_at - interval '61 seconds' WHERE user_id = $1`,
      [userId],
    );
    const later = await Promise.all(Array.from({ length: PARALLEL }, (_, index) => ask(index)));
    expect(new Set(later.map(({ id }) => id)).size).toBe(1);
    expect(later[0]?.expiresInSeconds).toBe(shared.lifetimeSeconds);
    expect(await live()).toHaveLength(4);
    for (const { id } of [...atOnce, ...later]) expect(await at(1).reveal(id)).not.toBeNull();
    const [first, second] = [atOnce, later].map(([one]) => one as IssuedSecret);
    await redeem(shared, (await proofsOf(first as IssuedSecret)).link);
    await redeem(shared, (await proofsOf(second as IssuedSecret)).link);
    // What has been used makes room.
    expect(new Set([...atOnce, ...later].map(({ id }) => id))).not.toContain((await ask(0)).id);
    expect(await live()).toHaveLength(3);
  });

  it('by another way than the one before gives another one, also where they are shared', async () => {
    const { userId } = await owner();
    const ask = (way: string) => issue(shared, { subject: { userId }, details: { at: 1, way } });
    const byPassword = [await ask('password'), await ask('password'), await ask('password')];
    const byMail = await ask('mail');
    expect(byPassword.map(({ id }) => id)).not.toContain(byMail.id);
    expect((await ask('password')).id).toBe(byPassword[2]?.id);
  });

  it('from another client gives another one', async () => {
    const { userId } = await owner();
    const first = await issue(plain, { subject: { userId }, boundTo: 'one' });
    const second = await issue(plain, { subject: { userId }, boundTo: 'other' });
    expect(second.ticket).not.toBe(first.ticket);
  });
});

it('an address that no account has gets what a known one gets, but for the mail', async () => {
  const { userId } = await owner();
  const known = await issue(plain, { subject: { userId } });
  const unknown = await issue(plain, { subject: { unknown: 'nobody@example.com' } });
  const again = await issue(plain, { subject: { unknown: 'nobody@example.com' } }, 1);
  expect({ ...again, ticket: '' }).toEqual({ ...unknown, ticket: '' });
  expect(again.ticket).not.toBe(unknown.ticket);
  expect(unknown.ticket).toHaveLength(known.ticket.length);
  expect(unknown.expiresInSeconds).toBe(known.expiresInSeconds);
  expect(await at(0).reveal(unknown.id)).toBeNull();
  const [row] = await sql<{ text: string }>(
    'SELECT one_time_secrets::text AS text FROM one_time_secrets WHERE id = $1',
    [unknown.id],
  );
  expect(row?.text).not.toContain('nobody');
  for (let tried = 0; tried < 6; tried++) {
    const guess = redeem(plain, { ticket: unknown.ticket, code: '2222-2222' });
    await expect(guess).rejects.toMatchObject(INVALID);
  }
});

it('neither the row nor the answer to the asking client holds the secret', async () => {
  const issued = await issueTo(plain, await owner());
  const revealed = await at(0).reveal(issued.id);
  const [row] = await sql<{ text: string }>(
    'SELECT row_to_json(s)::text AS text FROM one_time_secrets s WHERE id = $1',
    [issued.id],
  );
  const mac = Buffer.from(revealed?.token.slice(4) ?? '', 'base64url').subarray(16);
  for (const text of [row?.text ?? '', JSON.stringify(issued)]) {
    expect(text).not.toContain(revealed?.code);
    expect(text).not.toContain(revealed?.token);
    expect(text).not.toContain(mac.toString('hex'));
  }
});
