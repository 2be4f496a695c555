import { expect, it } from 'vitest';
import { signUp } from '../builders/accounts.js';
import { startYourApp } from '../support/your-app.js';

// The first test of your own: what it needs is in test/README.md.
it('your application signs people in', async () => {
  await using app = await startYourApp();
  const { userId, accessToken: token } = await signUp(app);
  const { status, body } = await app.api.get('/auth/me', { token });
  expect([status, body.userId]).toEqual([200, userId]);
});
