import { Logger } from '@nestjs/common';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Revocation } from '../../../../src/latchkey/tokens/revocation/kinds/revocation.js';
import { LiveRevocations } from '../../../../src/latchkey/tokens/revocation/live/live-revocations.js';
import { RevocationListeners } from '../../../../src/latchkey/tokens/revocation/live/revocation-listeners.js';
import { RevocationStaleness } from '../../../../src/latchkey/tokens/revocation/live/revocation-staleness.js';
import { RevocationConfig } from '../../../../src/latchkey/tokens/revocation/revocation.config.js';
import { onThisMachine } from '../../../support/time-limits.js';
import { aPrincipal } from './a-principal.js';
import { ManualClock } from './manual-clock.js';

const HOUR = 3_600;

let clock: ManualClock;
let config: RevocationConfig;
let staleness: RevocationStaleness;
let live: LiveRevocations;

beforeAll(() => Logger.overrideLogger(false));
afterAll(() => Logger.overrideLogger(['log', 'error', 'warn']));

beforeEach(() => {
  clock = new ManualClock();
  config = new RevocationConfig();
  staleness = new RevocationStaleness(clock, config);
  live = new LiveRevocations(clock, staleness, config, new RevocationListeners());
  hear();
});

function hear(): void {
  staleness.heard(clock.monotonic());
}

/** Time passes while the sources go on answering. */
function pass(seconds: number): void {
  clock.advance(seconds);
  hear();
  live.forgetExpired();
}

describe('a verdict', () => {
  const session: Revocation = { kind: 'session', sessionId: 'session-1' };
  const user: Revocation = { kind: 'user-version', userId: 'user-1', version: 5 };
  const role: Revocation = { kind: 'role-version', role: 'editor', version: 7 };

  it.each([
    ['a token of the session that ended', session, { sessionId: 'session-1' }, 'revoked'],
    ['a token of another session of that user', session, { sessionId: 'session-2' }, 'live'],
    ['a token older than the change of its user', user, { userVersion: 4 }, 'stale'],
    ['a token issued with the change', user, { userVersion: 5 }, 'live'],
    ['a token of another user', user, { userId: 'user-2', userVersion: 4 }, 'live'],
    [
      'a token older than the change of its role',
      role,
      { roles: ['user', 'editor'], rolesVersion: 6 },
      'stale',
    ],
    ['a token issued with the changed role', role, { roles: ['editor'], rolesVersion: 7 }, 'live'],
    ['an old token without that role', role, { roles: ['user'], rolesVersion: 6 }, 'live'],
    [
      'a role named like a property of every object',
      role,
      { roles: ['__proto__', 'constructor'] },
      'live',
    ],
  ])('on %s', (_, revocation, claims, verdict) => {
    expect(live.verdict(aPrincipal(claims))).toBe('live');
    live.applyNew([revocation]);
    expect(live.verdict(aPrincipal(claims))).toBe(verdict);
  });

  it('is "revoked" when the token is stale as well', () => {
    live.applyNew([user, role, session]);
    expect(live.verdict(aPrincipal({ roles: ['editor'] }))).toBe('revoked');
    pass(600);
    live.applyNew([user]);
    expect(live.verdict(aPrincipal())).toBe('revoked');
  });

  it('goes by the highest version, in whatever order they come', () => {
    live.applyNew([user, { ...user, version: 3 }, role, { ...role, version: 2 }]);
    pass(600);
    live.applyNew([{ ...user, version: 4 }]);
    expect(live.verdict(aPrincipal({ userVersion: 4 }))).toBe('stale');
    expect(live.verdict(aPrincipal({ roles: ['editor'], rolesVersion: 6 }))).toBe('stale');
  });
});

describe('applying', () => {
  const session: Revocation = { kind: 'session', sessionId: 'session-1' };

  it('the same revocations again changes nothing', () => {
    const entries = [
      { revocation: session, remainingSeconds: 700 },
      {
        revocation: { kind: 'user-version', userId: 'user-1', version: 2 } as const,
        remainingSeconds: 700,
      },
      {
        revocation: { kind: 'role-version', role: 'user', version: 2 } as const,
        remainingSeconds: 700,
      },
    ];
    live.apply(entries);
    live.apply(entries);
    live.apply(entries.map((entry) => ({ ...entry, remainingSeconds: 10 })));
    expect(live.size).toBe(3);
  });

  it('one that is over already does nothing', () => {
    live.apply([{ revocation: session, remainingSeconds: 0 }]);
    live.apply([{ revocation: session, remainingSeconds: -1 }]);
    expect(live.size).toBe(0);
  });

  it('a later copy of a revocation keeps it for longer', () => {
    live.applyNew([session]);
    pass(600);
    live.applyNew([session]);
    pass(config.entryLifetimeSeconds - 1);
    expect(live.verdict(aPrincipal())).toBe('revoked');
  });
});

describe('a revocation', () => {
  const session: Revocation = { kind: 'session', sessionId: 'session-1' };

  it('outlives every token that any deployment may issue, and is forgotten then', () => {
    const longestTtl = 3_600;
    pass(17);
    live.applyNew([session]);
    pass(longestTtl + 30 + 59);
    expect(live.verdict(aPrincipal())).toBe('revoked');
    pass((longestTtl + 90) / 2 + 1);
    expect(live.size).toBe(0);
  });

  it('is not forgotten early when the wall clock is set forward, so setting it back revives nothing', () => {
    live.applyNew([session]);
    clock.step(24 * HOUR);
    pass(1);
    clock.step(-24 * HOUR);
    expect(live.verdict(aPrincipal())).toBe('revoked');
  });

  it('is remembered for longer when the wall clock is set back, as tokens then live longer', () => {
    live.applyNew([session]);
    clock.step(-2 * HOUR);
    pass(2 * config.entryLifetimeSeconds);
    expect(live.verdict(aPrincipal())).toBe('revoked');
    pass(2 * HOUR);
    expect(live.size).toBe(0);
  });

  it('among a million is found in microseconds', () => {
    const sessionIds = Array.from({ length: 1_000_000 }, (_, index) => `0193-${index}`);
    live.applyNew(sessionIds.map((sessionId) => ({ kind: 'session', sessionId })));
    expect(live.size).toBe(1_000_000);

    const known = aPrincipal({ sessionId: '0193-777777' });
    const unknown = aPrincipal({ sessionId: 'another' });
    const rounds = 100_000;
    const startedAt = performance.now();
    for (let round = 0; round < rounds; round++) {
      live.verdict(known);
      live.verdict(unknown);
    }
    const microsecondsEach = ((performance.now() - startedAt) * 1_000) / (2 * rounds);
    expect(live.verdict(known)).toBe('revoked');
    expect(microsecondsEach).toBeLessThan(onThisMachine(20));
  });
});

describe('a list that has heard nothing', () => {
  const session: Revocation = { kind: 'session', sessionId: 'session-1' };

  it('judges until the limit, then says "unknown" when closed, and judges again once it hears', () => {
    clock.advance(config.maxStalenessSeconds);
    expect(live.verdict(aPrincipal())).toBe('live');
    clock.advance(0.001);
    expect(live.verdict(aPrincipal())).toBe('unknown');
    hear();
    expect(live.verdict(aPrincipal())).toBe('live');
  });

  it('goes by what it knows when open', () => {
    config.onOutage = 'open';
    live.applyNew([session]);
    clock.advance(HOUR);
    expect(live.verdict(aPrincipal({ sessionId: 'session-2' }))).toBe('live');
    expect(live.verdict(aPrincipal())).toBe('revoked');
  });

  it('still refuses what it knows to be revoked when closed', () => {
    live.applyNew([session]);
    clock.advance(HOUR);
    expect(live.verdict(aPrincipal())).toBe('revoked');
  });

  it('says "unknown" before it has heard for the first time', () => {
    live = new LiveRevocations(
      clock,
      new RevocationStaleness(clock, config),
      config,
      new RevocationListeners(),
    );
    expect(live.verdict(aPrincipal())).toBe('unknown');
  });

  it('is as old as the question, not as the answer that was read late', () => {
    const askedAt = clock.monotonic();
    clock.advance(HOUR);
    staleness.heard(askedAt);
    expect(live.verdict(aPrincipal())).toBe('unknown');
  });

  it('does not mind steps of the wall clock', () => {
    clock.step(24 * HOUR);
    expect(live.verdict(aPrincipal())).toBe('live');
    clock.step(-48 * HOUR);
    clock.advance(config.maxStalenessSeconds + 1);
    expect(live.verdict(aPrincipal())).toBe('unknown');
  });
});
