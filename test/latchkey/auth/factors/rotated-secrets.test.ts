import { expect, it } from 'vitest';
import { RenewEncryption } from '../../../../src/latchkey/operations/jobs/renew-encryption.js';
import {
  challengeOf,
  showSecondFactor,
  signInWithTotp,
  signUpWithTotp,
} from '../../../builders/totp-accounts.js';
import { CHEAP_ENOUGH_FOR_TESTS, startTestApp, TestApp } from '../../../support/test-app.js';

const FORMER = CHEAP_ENOUGH_FOR_TESTS.APP_SECRETS;
const NEXT = 'another text that nothing else has been run with 9876543210';

it('apps and recovery codes outlive the rotation of APP_SECRETS, once they are encrypted again', async () => {
  await using app = await startTestApp();
  const user = await signUpWithTotp(app);
  const withSecrets = (secrets: string) =>
    TestApp.start({ stores: app.stores, env: { APP_SECRETS: secrets } });

  const between = await withSecrets(`${NEXT},${FORMER}`);
  await signInWithTotp(between, user);
  await between.nest.get(RenewEncryption, { strict: false }).run(new AbortController().signal);
  await between.stop();

  const after = await withSecrets(NEXT);
  await signInWithTotp(after, user);
  const [code = ''] = user.recoveryCodes;
  const challenge = await challengeOf(after.api, user.email);
  const recovered = await showSecondFactor(after.api, challenge, { method: 'recovery_code', code });
  expect(recovered.status).toBe(200);
  await after.stop();
});
