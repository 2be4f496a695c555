import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import type { Principal } from '../../src/latchkey/access/principal.js';
import { SteadyClock } from '../../src/latchkey/platform/clock/steady-clock.js';
import { LiveRevocations } from '../../src/latchkey/tokens/revocation/live/live-revocations.js';
import { RevocationListeners } from '../../src/latchkey/tokens/revocation/live/revocation-listeners.js';
import { RevocationStaleness } from '../../src/latchkey/tokens/revocation/live/revocation-staleness.js';
import { RevocationConfig } from '../../src/latchkey/tokens/revocation/revocation.config.js';
import { answerParent } from '../processes/answers.js';

const PAGE = 5_000;
const PRINCIPALS = 100_000;
const BYTES_PER_MEGABYTE = 1_000_000;

const clock = new SteadyClock();
const config = new RevocationConfig();
const staleness = new RevocationStaleness(clock, config);
const live = new LiveRevocations(clock, staleness, config, new RevocationListeners());

/** Holds so many revoked sessions, and says what that takes. */
function hold(count: number) {
  const before = memory();
  const startedAt = performance.now();
  const revoked: string[] = [];
  for (let held = 0; held < count; held += PAGE) {
    const ids = page();
    live.applyNew(ids.map((sessionId) => ({ kind: 'session', sessionId })));
    revoked.push(...ids.slice(0, Math.ceil((PRINCIPALS / 2 / count) * PAGE)));
  }
  const milliseconds = performance.now() - startedAt;
  // What the probe itself keeps for later is small: one in twenty of the texts, already counted.
  const after = memory();
  revokedIds = revoked;
  return {
    milliseconds,
    heapMegabytes: (after.heap - before.heap) / BYTES_PER_MEGABYTE,
    residentMegabytes: (after.resident - before.resident) / BYTES_PER_MEGABYTE,
    size: live.size,
  };
}

let revokedIds: string[] = [];

/** Microseconds of processor time for each look-up, half of them of revoked sessions. */
function lookUp(count: number): number {
  staleness.heard(clock.monotonic());
  const revoked = revokedIds.slice(0, PRINCIPALS / 2);
  const principals = revoked.flatMap((id) => [principalOf(copyOf(id)), principalOf(randomUUID())]);
  let refused = 0;
  const before = process.cpuUsage();
  for (let index = 0; index < count; index++) {
    const principal = principals[index % principals.length];
    if (principal !== undefined && live.verdict(principal) === 'revoked') refused += 1;
  }
  const { user, system } = process.cpuUsage(before);
  if (Math.abs(refused / count - 0.5) > 0.01)
    throw new Error(`${refused} of ${count} were refused.`);
  return (user + system) / count;
}

/** As they come out of a message or a row: texts of their own. */
function page(): string[] {
  return JSON.parse(JSON.stringify(Array.from({ length: PAGE }, () => randomUUID())));
}

function copyOf(text: string): string {
  return Buffer.from(text).toString();
}

function principalOf(sessionId: string): Principal {
  return {
    userId: randomUUID(),
    sessionId,
    tokenId: randomUUID(),
    clientId: 'latchkey',
    keyId: 'the key of every token',
    roles: ['user'],
    permissions: ['bench:read'],
    withheld: [],
    stepUp: {},
    authTime: 0,
    authenticationMethods: ['pwd'],
    acr: 'aal1',
    issuedAt: 0,
    expiresAt: 0,
    userVersion: 1,
    sessionVersion: 0,
    rolesVersion: 1,
    claims: {},
  };
}

function memory() {
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { heap: heapUsed + external, resident: rss };
}

answerParent({ hold, lookUp });
