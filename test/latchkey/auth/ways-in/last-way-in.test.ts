import { Injectable, Module } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WayIn } from '../../../../src/latchkey/auth/ways-in/way-in.js';
import { LatchkeyModule } from '../../../../src/latchkey/latchkey.module.js';
import { type SignedIn, signUpAdmin } from '../../../builders/accounts.js';
import { signInByPasskey, signUpWithPasskey } from '../../../builders/passkey-accounts.js';
import { refusalOf, refused } from '../../../support/refusal.js';
import { startTestApp, TestApp, type TestAppOptions } from '../../../support/test-app.js';

const LAST = refused(409, 'factors.last_way_in');

/** A method of a feature, which knows the accounts named Ada. */
@Injectable()
class DoorCodes extends WayIn {
  async countFor(manager: EntityManager, userId: string): Promise<number> {
    const rows = await manager.query<unknown[]>(
      `SELECT FROM users WHERE id = $1 AND name = 'Ada'`,
      [userId],
    );
    return rows.length;
  }
}
@Module({ imports: [LatchkeyModule], providers: [DoorCodes] })
class WithDoorCodes {}

let app: Awaited<ReturnType<typeof startTestApp>>;
let admin: SignedIn;
beforeAll(async () => {
  app = await startTestApp({ MAIL_PER_HOUR: '1000' });
  admin = await signUpAdmin(app);
});
afterAll(async () => {
  await Promise.all([...others.values()].map((other) => other.stop()));
  await app[Symbol.asyncDispose]();
});

/** By their settings. */
const others = new Map<string, TestApp>();
async function instanceWith(env: Record<string, string>, module?: TestAppOptions['module']) {
  const settings = `${JSON.stringify(env)} ${module?.name}`;
  const there = others.get(settings);
  if (there !== undefined) return there;
  const made = await TestApp.start({
    stores: app.stores,
    env: { OUTBOX_WORKER: 'off', ...env },
    ...(module !== undefined && { module }),
  });
  others.set(settings, made);
  return made;
}

/** What an instance of these settings answers to the removal of the last passkey, and to a reset. */
async function removals(
  env: Record<string, string>,
  change: 'password' | 'no password',
  { module, name }: Pick<TestAppOptions, 'module'> & { readonly name?: string } = {},
) {
  const user = await signUpWithPasskey(app);
  await app.stores.query(
    `UPDATE users SET name = $2, password_hash = CASE WHEN $3 THEN password_hash END WHERE id = $1`,
    [user.userId, name ?? null, change === 'password'],
  );
  const other = await instanceWith(env, module);
  const { accessToken: token } = await signInByPasskey(other.api, user);
  const removed = await other.api.delete(`/auth/factors/${user.factorId}`, { token });
  const again = removed.status === 204 ? await signUpWithPasskey(app) : user;
  await app.stores.query(
    `UPDATE users SET name = $2, password_hash = CASE WHEN $3 THEN password_hash END WHERE id = $1`,
    [again.userId, name ?? null, change === 'password'],
  );
  const path = `/admin/users/${again.userId}/factors`;
  const reset = await other.api.delete(path, { token: admin.accessToken });
  return { removed, reset };
}

describe('the last way in is not removed', () => {
  it('from an account without a password; an admin may, where mail lets the owner set one', async () => {
    const { removed, reset } = await removals({}, 'no password');
    expect(refusalOf(removed)).toEqual(LAST);
    expect(reset.status).toBe(204);
  });

  it('by nobody where there is no recovery either', async () => {
    const { removed, reset } = await removals({ RECOVERY: 'off' }, 'no password');
    expect([refusalOf(removed), refusalOf(reset)]).toEqual([LAST, LAST]);
  });

  it('by nobody where passwords sign nobody in, although the account has one', async () => {
    const { removed, reset } = await removals({ PASSWORD_SIGN_IN: 'off' }, 'password');
    expect([refusalOf(removed), refusalOf(reset)]).toEqual([LAST, LAST]);
  });
});

describe('a passkey that is not the last way in is', () => {
  it.each([
    ['an account with a password', {}, 'password'],
    ['where a mail signs in', { PASSWORD_SIGN_IN: 'off', EMAIL_SIGN_IN: 'on' }, 'no password'],
  ] as const)('%s', async (_, env, change) => {
    const { removed, reset } = await removals(env, change);
    expect([removed.status, reset.status]).toEqual([204, 204]);
  });

  it('where a feature signs in', async () => {
    const env = { PASSWORD_SIGN_IN: 'off' };
    const named = await removals(env, 'password', { module: WithDoorCodes, name: 'Ada' });
    expect([named.removed.status, named.reset.status]).toEqual([204, 204]);
    const unnamed = await removals(env, 'password', { module: WithDoorCodes });
    expect([refusalOf(unnamed.removed), refusalOf(unnamed.reset)]).toEqual([LAST, LAST]);
  });
});
