import { Module, type Type } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { LatchkeyModule } from '../../../src/latchkey/latchkey.module.js';
import { loadConfig } from '../../../src/latchkey/platform/config/load-config.js';
import type { AuthorizationFacts } from '../../../src/latchkey/tokens/access-tokens/access-token-claims.js';
import { AccessTokens } from '../../../src/latchkey/tokens/access-tokens/access-tokens.js';
import { ClaimsContributor } from '../../../src/latchkey/tokens/access-tokens/claims-contributor.js';
import { claimsOf, headerOf, type Members } from '../../builders/access-tokens.js';
import { PASSWORD, signIn, signUp, uniqueEmail } from '../../builders/accounts.js';
import { ISSUER, startTestApp } from '../../support/test-app.js';
import { sampled } from '../../support/test-depth.js';

const MAX_TOKEN_BYTES = 4096;

/** A team's own claims: whatever the test says. */
class TeamClaims extends ClaimsContributor {
  static claims: Members = {};
  static seen: AuthorizationFacts | undefined;
  readonly claims = ['tenant', 'tenants', 'small'];

  contribute(facts: AuthorizationFacts): Members {
    TeamClaims.seen = facts;
    return TeamClaims.claims;
  }
}

class PlanClaims extends ClaimsContributor {
  readonly claims = ['plan'];

  contribute() {
    return { plan: 'gold' };
  }
}

@Module({ providers: [PlanClaims] })
class PlanModule {}

@Module({
  imports: [LatchkeyModule, PlanModule],
  providers: [{ provide: ClaimsContributor, useClass: TeamClaims }],
})
class TeamModule {}

let app: Awaited<ReturnType<typeof startTestApp>>;

beforeAll(async () => {
  app = await startTestApp({}, { module: TeamModule });
});
afterEach(() => {
  TeamClaims.claims = {};
});
afterAll(async () => {
  await app[Symbol.asyncDispose]();
});

it('holds the claims of the profile and nothing personal', async () => {
  const email = uniqueEmail();
  await app.api.post('/auth/register', { email, password: PASSWORD, name: 'Ada Lovelace' });
  const { userId, sessionId, accessToken } = await signIn(app.api, email);

  const { kid } = headerOf(accessToken);
  expect(headerOf(accessToken)).toEqual({ alg: 'ES256', kid: expect.any(String), typ: 'at+jwt' });
  expect(kid).not.toBe('');
  const claims = claimsOf(accessToken);
  expect(claims).toEqual({
    iss: ISSUER,
    sub: userId,
    aud: 'latchkey',
    client_id: 'latchkey',
    exp: Number(claims.iat) + 900,
    iat: expect.any(Number),
    jti: expect.any(String),
    sid: sessionId,
    roles: ['user'],
    permissions: [],
    auth_time: expect.any(Number),
    amr: ['pwd'],
    acr: 'aal1',
    uv: expect.any(Number),
    rv: expect.any(Number),
    plan: 'gold',
  });
  for (const time of [claims.iat, claims.auth_time]) {
    expect(Math.abs(Number(time) - Date.now() / 1000)).toBeLessThan(60);
  }
  expect(JSON.stringify(claims)).not.toMatch(/\bada\b|@/i);
});

it('gives every token a jti of its own', async () => {
  const { email, accessToken } = await signUp(app);
  const again = await signIn(app.api, email);
  expect(claimsOf(again.accessToken).jti).not.toBe(claimsOf(accessToken).jti);
});

describe('ACCESS_TOKEN_TTL_SECONDS', () => {
  const refusals = (environment: string, seconds: string) => {
    try {
      loadConfig({ NODE_ENV: environment, ACCESS_TOKEN_TTL_SECONDS: seconds });
      return '';
    } catch (error) {
      return String(error);
    }
  };

  it.each([
    ['production', '60'],
    ['production', '3600'],
    ['development', '1'],
    ['test', '1'],
    ['development', '3600'],
  ])('may in %s be %s', (environment, seconds) => {
    expect(refusals(environment, seconds)).not.toContain('ACCESS_TOKEN_TTL_SECONDS');
  });

  it.each([
    ['production', '59'],
    ['production', '3601'],
    ['development', '0'],
    ['development', '3601'],
    ['development', '-900'],
    ['development', '1.5'],
    ['development', '15m'],
  ])('may in %s not be %s', (environment, seconds) => {
    expect(refusals(environment, seconds)).toContain('ACCESS_TOKEN_TTL_SECONDS');
  });
});

describe('claims contributors', () => {
  it('are told the facts, and add their claims at sign-in and at every refresh', async () => {
    TeamClaims.claims = { tenant: 'blue' };
    const { userId, refreshToken, accessToken } = await signUp(app);
    expect(claimsOf(accessToken)).toMatchObject({ tenant: 'blue', plan: 'gold' });
    expect(TeamClaims.seen).toMatchObject({ userId, roles: ['user'] });

    TeamClaims.claims = { tenant: 'green' };
    const refreshed = await app.api.post('/auth/refresh', { refreshToken });
    expect(claimsOf(refreshed.body.accessToken).tenant).toBe('green');
    const { status } = await app.api.get('/auth/me', { token: refreshed.body.accessToken });
    expect(status).toBe(200);
  });

  const RESERVED =
    'iss sub aud client_id exp iat nbf jti sid roles permissions auth_time amr acr scope cnf act uv rv sv';
  it.each(sampled(RESERVED.split(' '), { oneIn: 20 }))('may not name %s', async (name) => {
    await expect(startedWith(contributorOf('Greedy', name))).rejects.toThrow(
      `Greedy contributes the claim ${name}, which is Latchkey's own.`,
    );
  });

  it.each(RESERVED.split(' '))('may not set %s', async (name) => {
    TeamClaims.claims = { [name]: ['admin'], tenant: 'blue' };
    const claims = claimsOf((await issueOne()).accessToken);
    expect(claims.tenant).toBe('blue');
    expect(claims[name]).not.toEqual(['admin']);
  });

  it('that name the same claim keep the service from starting, and it says which', async () => {
    await expect(
      startedWith(contributorOf('One', 'tenant'), contributorOf('Other', 'tenant')),
    ).rejects.toThrow('One and Other both contribute the claim tenant.');
  });
});

describe('a token that would be longer than 4 KiB', () => {
  it('is issued without what the team adds, to the byte', async () => {
    const lengths: number[] = [];
    let size = 2_000;
    for (let claims: Members = { tenants: '' }; 'tenants' in claims; size++) {
      TeamClaims.claims = { small: 'x', tenants: 't'.repeat(size) };
      const { accessToken } = await issueOne();
      lengths.push(accessToken.length);
      claims = claimsOf(accessToken);
      if (!('tenants' in claims)) expect(claims).not.toHaveProperty('small');
    }
    const longest = Math.max(...lengths);
    // Three bytes of JSON make four characters.
    expect(longest).toBeGreaterThan(MAX_TOKEN_BYTES - 4);
    expect(longest).toBeLessThanOrEqual(MAX_TOKEN_BYTES);
  });

  it('is accepted from a client up to that length', async () => {
    const { email } = await signUp(app);
    TeamClaims.claims = { tenants: 't'.repeat(2_500) };
    const { accessToken } = await signIn(app.api, email);
    expect(accessToken.length).toBeGreaterThan(3_800);
    expect((await app.api.get('/auth/me', { token: accessToken })).status).toBe(200);
  });

  it('keeps nobody out: neither signing in nor refreshing fails for it', async () => {
    const { email, refreshToken } = await signUp(app);
    TeamClaims.claims = { tenants: 't'.repeat(5_000) };
    const refreshed = await app.api.post('/auth/refresh', { refreshToken });
    const { accessToken } = await signIn(app.api, email);
    for (const token of [refreshed.body.accessToken, accessToken]) {
      expect(claimsOf(token)).toMatchObject({ roles: ['user'] });
      expect(claimsOf(token)).not.toHaveProperty('tenants');
      expect((await app.api.get('/auth/me', { token })).status).toBe(200);
    }
  });
});

function contributorOf(className: string, claim: string): Type {
  class Contributor extends ClaimsContributor {
    readonly claims = [claim];

    contribute() {
      return {};
    }
  }
  Object.defineProperty(Contributor, 'name', { value: className });
  return Contributor;
}

async function startedWith(...providers: Type[]): Promise<void> {
  @Module({ imports: [LatchkeyModule], providers })
  class WithThem {}
  const started = await startTestApp({}, { module: WithThem, stores: app.stores });
  await started.stop();
}

function issueOne() {
  const id = '00000000-0000-7000-8000-000000000000';
  const session = {
    id,
    userId: id,
    clientId: 'latchkey',
    grant: null,
    authTime: 0,
    amr: ['pwd'],
    acr: 'aal1' as const,
    data: {},
    version: 0,
    seenLiveAtMilliseconds: Date.now(),
  };
  const facts = {
    userId: id,
    roles: [],
    permissions: [],
    demanding: [],
    userVersion: 1,
    rolesVersion: 1,
  };
  const { manager } = app.nest.get(DataSource, { strict: false });
  return app.nest.get(AccessTokens, { strict: false }).issue(session, facts, manager);
}
