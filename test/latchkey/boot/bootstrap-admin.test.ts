import { describe, expect, it } from 'vitest';
import { PASSWORD, signIn } from '../../builders/accounts.js';
import { createStores } from '../../support/stores.js';
import { TestApp } from '../../support/test-app.js';

const admin = (email: string, password: string) => ({
  BOOTSTRAP_ADMIN_EMAIL: email,
  BOOTSTRAP_ADMIN_PASSWORD: password,
});

describe('the admin that the environment names', () => {
  it('is made at the first start, once however many start, and never reset', async () => {
    const stores = await createStores();
    const first = admin('root@example.com', PASSWORD);
    const together = await Promise.all([
      TestApp.start({ stores, env: first }),
      TestApp.start({ stores, env: first }),
    ]);
    const [app] = together;
    const { accessToken: token, userId } = await signIn(app.api, 'root@example.com');
    expect((await app.api.get('/admin/users', { token })).body.items).toHaveLength(1);
    const newPassword = 'another long pass phrase';
    const changed = await app.api.post(
      '/auth/password/change',
      { currentPassword: PASSWORD, newPassword },
      { token },
    );
    expect(changed.status).toBe(200);
    await Promise.all(together.map((one) => one.stop()));

    for (const env of [first, admin('second@example.com', PASSWORD)]) {
      const restarted = await TestApp.start({ stores, env });
      const refused = await restarted.api.post('/auth/login', {
        email: env.BOOTSTRAP_ADMIN_EMAIL,
        password: PASSWORD,
      });
      expect(refused.body.code).toBe('auth.invalid_credentials');
      const still = await signIn(restarted.api, 'root@example.com', newPassword);
      expect(still.userId).toBe(userId);
      await restarted.stop();
    }
    await stores.drop();
  });

  it('stops the start when the password is unfit, and the variable is named', async () => {
    const stores = await createStores();
    const start = TestApp.start({ stores, env: admin('root@example.com', 'too short') });
    await expect(start).rejects.toThrow(/^BOOTSTRAP_ADMIN_PASSWORD: .*at least 15 characters/);
    expect(await stores.query('SELECT 1 FROM users')).toEqual([]);
    await stores.drop();
  });

  it('is not there when the environment names none', async () => {
    const stores = await createStores();
    const app = await TestApp.start({ stores });
    expect(await stores.query('SELECT 1 FROM users')).toEqual([]);
    await app.stop();
    await stores.drop();
  });
});
