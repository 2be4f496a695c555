import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PASSWORD, signUp, signUpAdmin } from '../../builders/accounts.js';
import { startTestApp } from '../../support/test-app.js';
import { eventsDuring } from './stored-events.js';

let app: Awaited<ReturnType<typeof startTestApp>>;

beforeAll(async () => {
  app = await startTestApp({ THROTTLING: 'off' });
});
afterAll(() => app[Symbol.asyncDispose]());

describe('failed sign-ins are on record', () => {
  it('one by one, with what was tried and on whose account, and nothing that was typed', async () => {
    const user = await signUp(app);
    const other = await signUp(app);
    const disabled = await signUp(app);
    const admin = await signUpAdmin(app);
    const path = `/admin/users/${disabled.userId}`;
    await app.api.patch(path, { status: 'disabled' }, { token: admin.accessToken });
    await app.stores.query('UPDATE users SET password_hash = NULL WHERE id = $1', [other.userId]);
    const canary = 'canary-of-the-password-field';
    const tries: [email: string, password: string][] = [
      [user.email, canary],
      [canary, PASSWORD],
      [disabled.email, PASSWORD],
      [disabled.email, canary],
      [other.email, PASSWORD],
    ];
    const requestIds: string[] = [];
    const events = await eventsDuring(app.stores, async () => {
      for (const [email, password] of tries) {
        const { body } = await app.api.post('/auth/login', { email, password });
        requestIds.push(body.requestId);
      }
    });
    expect(events.map(({ target_id, reason }) => [target_id, reason])).toEqual([
      [user.userId, 'wrong_password'],
      [null, 'unknown_account'],
      [disabled.userId, 'account_disabled'],
      [disabled.userId, 'wrong_password'],
      [other.userId, 'no_password'],
    ]);
    expect(events.map(({ request_id }) => request_id)).toEqual(requestIds);
    expect(new Set(events.map(({ action, outcome }) => `${action} ${outcome}`))).toEqual(
      new Set(['sign_in.failed failure']),
    );
    expect(JSON.stringify(events)).not.toContain(canary);
    expect(JSON.stringify(events)).not.toContain('@');
  });

  it('also when a hundred come at once', async () => {
    const user = await signUp(app);
    const events = await eventsDuring(app.stores, () =>
      Promise.all(
        Array.from({ length: 100 }, (_, turn) =>
          app.api.post('/auth/login', { email: user.email, password: `${PASSWORD} ${turn}` }),
        ),
      ),
    );
    expect(events.filter(({ target_id }) => target_id === user.userId)).toHaveLength(100);
  });
});
