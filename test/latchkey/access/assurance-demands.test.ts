import { Controller, Get, Module } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  Public,
  RequireAssurance,
  RequireFreshSignIn,
  RequirePermissions,
} from '../../../src/latchkey/access/access.decorators.js';
import { LatchkeyModule } from '../../../src/latchkey/latchkey.module.js';
import { signUp } from '../../builders/accounts.js';
import { refresh } from '../../builders/sessions.js';
import { showFactors, TEST_KEY, TEST_TOTP } from '../../builders/shown-factors.js';
import { recordStatements } from '../../support/recorded-statements.js';
import { refusalOf, refused } from '../../support/refusal.js';
import { startTestApp, TestApp } from '../../support/test-app.js';

@Controller('vault')
class VaultController {
  @Get('two-factors')
  @RequireAssurance({ acr: 'aal2' })
  twoFactors() {}

  @Get('unphishable')
  @RequireAssurance({ acr: 'phr', maxAgeSeconds: 300 })
  unphishable() {}

  @Get('recent')
  @RequireAssurance({ maxAgeSeconds: 300 })
  recent() {}

  @Get('fresh')
  @RequireFreshSignIn()
  fresh() {}

  @Get('forbidden')
  @RequirePermissions('vault:open')
  @RequireAssurance({ acr: 'aal2' })
  forbidden() {}
}

@Controller('strict-vault')
@RequireAssurance({ acr: 'aal2', maxAgeSeconds: 60 })
class StrictVaultController {
  @Get('inherited')
  inherited() {}

  @Get('stricter')
  @RequireAssurance({ acr: 'phr', maxAgeSeconds: 300 })
  stricter() {}

  @Get('open')
  @Public()
  open() {}
}

@Module({ imports: [LatchkeyModule], controllers: [VaultController, StrictVaultController] })
class VaultModule {}

let app: Awaited<ReturnType<typeof startTestApp>>;
beforeAll(async () => {
  app = await startTestApp({}, { module: VaultModule });
});
afterAll(async () => app[Symbol.asyncDispose]());

const [PASSWORD, TOTP, KEY] = ['password', TEST_TOTP.name, TEST_KEY.name];

/** An access token of a session in which this was shown, so many seconds ago. */
async function tokenOf(secondsAgo: Readonly<Record<string, number>>): Promise<string> {
  const { sessionId, refreshToken } = await signUp(app);
  await showFactors(app.stores, sessionId, secondsAgo);
  return (await refresh(app.api, refreshToken)).body.accessToken;
}

const CHALLENGES = {
  aal2: 'Bearer error="insufficient_user_authentication", acr_values="aal2"',
  'aal2 60': 'Bearer error="insufficient_user_authentication", acr_values="aal2", max_age="60"',
  'phr 60': 'Bearer error="insufficient_user_authentication", acr_values="phr", max_age="60"',
  'phr 300': 'Bearer error="insufficient_user_authentication", acr_values="phr", max_age="300"',
  '300': 'Bearer error="insufficient_user_authentication", max_age="300"',
};

const refusals: [string, Record<string, number>, string, keyof typeof CHALLENGES | null][] = [
  ['a password alone', { [PASSWORD]: 0 }, 'two-factors', 'aal2'],
  ['two factors', { [PASSWORD]: 0, [TOTP]: 0 }, 'two-factors', null],
  ['two factors of long ago', { [PASSWORD]: 9_000, [TOTP]: 9_000 }, 'two-factors', null],
  ['a second factor without a first', { [TOTP]: 0 }, 'two-factors', 'aal2'],
  ['a factor that is unknown here', { [PASSWORD]: 0, retina: 0 }, 'two-factors', 'aal2'],
  ['a passkey', { [KEY]: 0 }, 'two-factors', null],
  ['two factors that can be phished', { [PASSWORD]: 0, [TOTP]: 0 }, 'unphishable', 'phr 300'],
  ['a passkey of just now', { [KEY]: 0 }, 'unphishable', null],
  ['a passkey of just before the limit', { [KEY]: 280 }, 'unphishable', null],
  ['a passkey of just past the limit', { [KEY]: 301 }, 'unphishable', 'phr 300'],
  ['a passkey of long ago and TOTP', { [KEY]: 900, [TOTP]: 0 }, 'unphishable', 'phr 300'],
  ['a password of just before the limit', { [PASSWORD]: 280 }, 'recent', null],
  ['a password of just past the limit', { [PASSWORD]: 301 }, 'recent', '300'],
  ['TOTP of just now', { [PASSWORD]: 900, [TOTP]: 0 }, 'recent', null],
  // A stolen password makes no session of two factors fresher.
  ['a password of just now and TOTP of long ago', { [PASSWORD]: 0, [TOTP]: 900 }, 'recent', '300'],
];

describe.each(refusals)('a session that was shown %s', (_, shown, path, challenge) => {
  it(`${challenge === null ? 'opens' : 'does not open'} ${path}`, async () => {
    const token = await tokenOf(shown);
    const { status, headers, body } = await app.api.get(`/vault/${path}`, { token });
    expect([status, headers.get('www-authenticate')]).toEqual(
      challenge === null ? [200, null] : [401, CHALLENGES[challenge]],
    );
    expect(body?.code).toBe(challenge === null ? undefined : 'access.assurance_insufficient');
  });
});

it('the strictest of what a controller and its handler demand counts', async () => {
  const password = await tokenOf({ [PASSWORD]: 0 });
  const challengeAt = async (path: string) => {
    const { headers } = await app.api.get(`/strict-vault/${path}`, { token: password });
    return headers.get('www-authenticate');
  };
  expect(await challengeAt('inherited')).toBe(CHALLENGES['aal2 60']);
  expect(await challengeAt('stricter')).toBe(CHALLENGES['phr 60']);
  expect((await app.api.get('/strict-vault/open')).status).toBe(200);
});

it('what no factor would open is forbidden, and asks for none', async () => {
  const answer = await app.api.get('/vault/forbidden', { token: await tokenOf({ [PASSWORD]: 0 }) });
  expect(refusalOf(answer)).toEqual(refused(403, 'access.forbidden'));
});

it('a page that may not read the challenge reads in the body what would do', async () => {
  const token = await tokenOf({ [PASSWORD]: 0 });
  const { body } = await app.api.get('/vault/unphishable', { token });
  expect(body).toMatchObject({ acr: 'phr', maxAgeSeconds: 300 });
});

it('a fresh sign-in is one of the last ten minutes, or of what the setting says', async () => {
  const [fresh, old] = [await tokenOf({ [PASSWORD]: 580 }), await tokenOf({ [PASSWORD]: 601 })];
  expect((await app.api.get('/vault/fresh', { token: fresh })).status).toBe(200);
  const refusal = await app.api.get('/vault/fresh', { token: old });
  expect(refusalOf(refusal)).toEqual(refused(401, 'auth.fresh_sign_in_required'));
  expect(refusal.headers.get('www-authenticate')).toContain('max_age="600"');

  const stores = app.stores;
  const stricter = await TestApp.start({
    stores,
    module: VaultModule,
    env: { FRESH_SIGN_IN_SECONDS: '60' },
  });
  const { status, body } = await stricter.api.get('/vault/fresh', { token: fresh });
  expect([status, body.maxAgeSeconds]).toEqual([401, 60]);
  await stricter.stop();
});

it('is judged from the claims alone: no SQL', async () => {
  const token = await tokenOf({ [PASSWORD]: 0, [TOTP]: 0 });
  await app.api.get('/vault/two-factors', { token });
  const statements = await recordStatements(async () => {
    await app.api.get('/vault/two-factors', { token });
    await app.api.get('/vault/unphishable', { token });
  });
  expect(statements).toEqual([]);
});

it('nothing that demands nothing starts', () => {
  expect(() => RequireAssurance({})).toThrow('demands nothing');
  expect(() => RequireAssurance({ maxAgeSeconds: 0 })).toThrow('whole number of seconds');
});
