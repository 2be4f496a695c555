import 'reflect-metadata';
import { generateKeyPairSync, randomUUID, verify } from 'node:crypto';
import type { ExecutionContext } from '@nestjs/common';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import jsonwebtoken from 'jsonwebtoken';
import { AccessConfig } from '../../src/latchkey/access/access.config.js';
import { RequirePermissions } from '../../src/latchkey/access/access.decorators.js';
import { AccessGuard } from '../../src/latchkey/access/access.guard.js';
import { AccessDecision } from '../../src/latchkey/access/access-decision.js';
import { AccessTokenStrategy } from '../../src/latchkey/access/verification/access-token.strategy.js';
import { AccessTokenVerifier } from '../../src/latchkey/access/verification/access-token-verifier.js';
import { VerifiedTokens } from '../../src/latchkey/access/verification/verified-tokens.js';
import { SteadyClock } from '../../src/latchkey/platform/clock/steady-clock.js';
import { answerParent } from '../processes/answers.js';

const KID = 'the only key of this probe, as long as a thumb';
const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const known = { kid: KID, algorithm: 'ES256', key: publicKey } as const;
const find = (kid: string) => (kid === KID ? known : undefined);
const keys = { find, lookUp: async (kid: string) => find(kid) };
const config = new AccessConfig();
const clock = new SteadyClock();
const verifier = new AccessTokenVerifier(config, keys, clock);
const strategy = new AccessTokenStrategy(verifier);

class Route {
  @RequirePermissions('bench:read')
  handle() {}
}

/** Ways to look at tokens for the first time; each gives microseconds of processor time for each token. */
const ways = {
  bare(tokens: readonly string[]) {
    const key = { key: publicKey, dsaEncoding: 'ieee-p1363' } as const;
    const parts = tokens.map((token) => {
      const end = token.lastIndexOf('.');
      const signature = Buffer.from(token.slice(end + 1), 'base64url');
      return { signed: Buffer.from(token.slice(0, end)), signature };
    });
    return timed(tokens.length, () => {
      for (const { signed, signature } of parts) verify('sha256', signed, key, signature);
    });
  },
  verifier: (tokens: readonly string[]) =>
    timed(tokens.length, async () => {
      for (const token of tokens) await verifier.verify(token);
    }),
  guard(tokens: readonly string[]) {
    const revocations = { verdict: () => 'live' as const };
    const decision = new AccessDecision(verifier, revocations, clock, config);
    const guard = new AccessGuard(new VerifiedTokens(keys), decision, strategy);
    return timed(tokens.length, async () => {
      for (const token of tokens) await guard.canActivate(contextOf(token));
    });
  },
};

async function timed(count: number, work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / count;
}

function contextOf(token: string): ExecutionContext {
  const request = { headers: { authorization: `Bearer ${token}` }, query: {} };
  return new ExecutionContextHost([request, {}], Route, Route.prototype.handle);
}

function issue(): string {
  const now = Math.floor(Date.now() / 1_000);
  const claims = {
    iss: config.issuer,
    aud: config.audience,
    sub: randomUUID(),
    client_id: 'latchkey',
    sid: randomUUID(),
    roles: ['user'],
    permissions: ['bench:read'],
    auth_time: now,
    amr: ['pwd'],
    uv: 1,
    rv: 1,
  };
  const header = { alg: 'ES256', kid: KID, typ: 'at+jwt' };
  const options = { algorithm: 'ES256', header, expiresIn: 900, jwtid: randomUUID() } as const;
  return jsonwebtoken.sign(claims, privateKey, options);
}

answerParent({
  time: ({ way, count }: { way: keyof typeof ways; count: number }) =>
    ways[way](Array.from({ length: count }, issue)),
});
