import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PASSWORD, type SignedIn, signIn, signUp } from '../../../builders/accounts.js';
import { createStores, type Stores } from '../../../support/stores.js';
import { TestApp } from '../../../support/test-app.js';
import { repeated } from '../../../support/test-depth.js';

const ROUNDS = repeated({ quick: 3, full: 10 });

let stores: Stores;
/** As it was when the accounts were made. */
let cheap: TestApp;
/** As it is since the cost was raised. */
let dear: TestApp;

beforeAll(async () => {
  stores = await createStores();
  [cheap, dear] = await Promise.all([
    TestApp.start({ stores }),
    TestApp.start({ stores, env: { ARGON2_MEMORY_KIB: '128', ARGON2_TIME_COST: '2' } }),
  ]);
});
afterAll(async () => {
  await Promise.all([cheap.stop(), dear.stop()]);
  await stores.drop();
});

async function stored({ userId }: SignedIn) {
  const [row] = await stores.query<{ hash: string; version: number; updated: Date }>(
    `SELECT password_hash AS hash, password_version AS version, updated_at AS updated
     FROM users WHERE id = $1`,
    [userId],
  );
  if (row === undefined) throw new Error('There is no such user.');
  return row;
}

const CHEAP = expect.stringMatching(/^\$argon2id\$v=19\$m=64,(p=1,t=1|t=1,p=1)\$/);
const DEAR = expect.stringMatching(/^\$argon2id\$v=19\$m=128,(p=1,t=2|t=2,p=1)\$/);

describe('when the cost of hashing has been raised', () => {
  it('the next sign-in hashes the same password anew, and ends nothing', async () => {
    const user = await signUp(cheap);
    const before = await stored(user);
    expect(before.hash).toEqual(CHEAP);

    await signIn(dear.api, user.email);
    const after = await stored(user);
    expect(after).toEqual({ ...before, hash: DEAR });
    const me = await dear.api.get('/auth/me', { token: user.accessToken });
    expect(me.status).toBe(200);

    await signIn(dear.api, user.email);
    expect(await stored(user)).toEqual(after);
    await signIn(cheap.api, user.email);
  });

  it('a sign-in that fails changes nothing', async () => {
    const user = await signUp(cheap);
    const disabled = await signUp(cheap);
    await stores.query(`UPDATE users SET status = 'disabled' WHERE id = $1`, [disabled.userId]);
    const tries = [
      { email: user.email, password: `${PASSWORD}!` },
      { email: disabled.email, password: PASSWORD },
    ];
    for (const body of tries) expect((await dear.api.post('/auth/login', body)).status).toBe(401);
    expect((await stored(user)).hash).toEqual(CHEAP);
    expect((await stored(disabled)).hash).toEqual(CHEAP);
  });

  it('ten sign-ins at once all succeed and leave one good hash', async () => {
    const user = await signUp(cheap);
    await Promise.all(Array.from({ length: 10 }, () => signIn(dear.api, user.email)));
    expect((await stored(user)).hash).toEqual(DEAR);
    await signIn(dear.api, user.email);
  });

  it('a sign-in succeeds also when the new hash cannot be kept', async () => {
    const user = await signUp(cheap);
    await stores.query(`
      CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'not now'; END $$`);
    await stores.query(`
      CREATE TRIGGER refuse BEFORE UPDATE OF password_hash ON users
      FOR EACH ROW EXECUTE FUNCTION refuse()`);
    try {
      const session = await signIn(dear.api, user.email);
      const me = await dear.api.get('/auth/me', { token: session.accessToken });
      expect(me.status).toBe(200);
    } finally {
      await stores.query('DROP FUNCTION refuse CASCADE');
    }
    expect((await stored(user)).hash).toEqual(CHEAP);
    await signIn(dear.api, user.email);
    expect((await stored(user)).hash).toEqual(DEAR);
  });

  it('a password that is changed at the same moment stays the changed one', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const user = await signUp(cheap);
      const newPassword = `${PASSWORD} ${round}`;
      const [changed] = await Promise.all([
        dear.api.post(
          '/auth/password/change',
          { currentPassword: PASSWORD, newPassword },
          { token: user.accessToken },
        ),
        dear.api.post('/auth/login', { email: user.email, password: PASSWORD }),
      ]);
      expect(changed.status).toBe(200);
      const old = await dear.api.post('/auth/login', { email: user.email, password: PASSWORD });
      expect(old.status).toBe(401);
      await signIn(dear.api, user.email, newPassword);
    }
  });
});
