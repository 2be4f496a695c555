import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { examined } from './examined.js';

/** A deployment as it should be, but for its stores, which nothing here has. */
const PRODUCTION = {
  NODE_ENV: 'production',
  DATABASE_URL: 'postgres://latchkey:EngwaUgXp3@127.0.0.1:1/latchkey',
  REDIS_URL: '',
  APP_SECRETS: randomBytes(48).toString('base64url'),
  JWT_ISSUER: 'https://auth.invalid',
  TRUSTED_PROXIES: '10.1.0.0/16',
  HOST: '0.0.0.0',
  EMAIL_VERIFICATION: '',
  REGISTRATION: 'closed',
  ARGON2_MEMORY_KIB: '',
  ARGON2_TIME_COST: '',
  THROTTLING: 'on',
};

describe('doctor examines the settings, and', () => {
  it('names every one that is wrong, and nothing else can be examined', async () => {
    const { exitCode, errors, findings } = await examined({
      ACCESS_TOKEN_TTL_SECONDS: '7',
      PORT: 'x',
      NODE_ENV: 'production',
    });
    expect({ exitCode, errors }).toEqual({ exitCode: 1, errors: '' });
    expect(findings.map(({ part, status }) => `${part} ${status}`)).toContain('all else skipped');
    const wrong = findings.filter(({ status }) => status === 'wrong').map(({ what }) => what);
    expect(wrong).toContain('PORT must be an integer number');
    expect(wrong.join('\n')).toContain('DATABASE_URL must be set in production');
  });

  it('names what looks like a setting and is none', async () => {
    const { exitCode, of } = await examined({
      DATABASE_URL: PRODUCTION.DATABASE_URL,
      TRUSTED_PROXY: '10.0.0.0/8',
    });
    expect(exitCode).toBe(1);
    expect(of('settings')).toContain(
      'wrong: Nothing reads TRUSTED_PROXY: did you mean TRUSTED_PROXIES?',
    );
  });

  it.each([
    [{ REVOCATION_ON_OUTAGE: 'open' }, /^notice: REVOCATION_ON_OUTAGE=open: /],
    [{ REDIS_URL: '' }, /^notice: REDIS_URL is not set: /],
    [{ MAIL_URL: '' }, /^notice: MAIL_URL is not set: /],
    [{ METRICS: 'on' }, /^notice: METRICS=on tells it to strangers, too\./],
    [{ REGISTRATION: 'open' }, /^notice: Anybody may register any address/],
  ])('tells what is dangerous in production: %j', async (env, told) => {
    const { of } = await examined({ ...PRODUCTION, ...env });
    expect(of('settings')).toContainEqual(expect.stringMatching(told));
  });

  it.each([
    [
      { APP_SECRETS: 'short,short', NODE_ENV: 'test' },
      /^wrong: APP_SECRETS holds what is too short/,
    ],
    [
      { APP_SECRETS: `${PRODUCTION.APP_SECRETS},${PRODUCTION.APP_SECRETS}` },
      /^wrong: APP_SECRETS holds a secret twice/,
    ],
    [
      { MONITORING_TOKEN: PRODUCTION.APP_SECRETS },
      /^wrong: APP_SECRETS and MONITORING_TOKEN hold the same secret/,
    ],
    [
      { DATABASE_URL: 'postgres://latchkey:latchkey@127.0.0.1:1/x' },
      /^wrong: The password in DATABASE_URL is one that anybody tries/,
    ],
    [{}, /^ok: No secret is weak or used twice\.$/],
  ])('of secrets %#', async (env, told) => {
    const { of, findings } = await examined({ ...PRODUCTION, ...env });
    expect(of('secrets')).toContainEqual(expect.stringMatching(told));
    expect(JSON.stringify(findings)).not.toContain(PRODUCTION.APP_SECRETS);
    expect(JSON.stringify(findings)).not.toContain('EngwaUgXp3');
  });

  it.each([
    [
      { TRUSTED_PROXIES: '0.0.0.0/0' },
      /^wrong: TRUSTED_PROXIES believes everybody \(0\.0\.0\.0\/0\)/,
    ],
    [
      { TRUSTED_PROXIES: '' },
      /^wrong: Browsers reach https:\/\/auth\.invalid through a proxy, and TRUSTED_PROXIES names none/,
    ],
    [
      { PUBLIC_URL: 'https://other.invalid' },
      /^notice: PUBLIC_URL and JWT_ISSUER are different origins/,
    ],
    [{ HOST: '127.0.0.1' }, /^notice: HOST is 127\.0\.0\.1: /],
    [{}, /^ok: Forwarded addresses are believed of 10\.1\.0\.0\/16\.$/],
  ])('of proxies: %j', async (env, told) => {
    const { of } = await examined({ ...PRODUCTION, ...env });
    expect(of('proxies')).toContainEqual(expect.stringMatching(told));
  });
});
