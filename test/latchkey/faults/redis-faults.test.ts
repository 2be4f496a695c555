import http from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SignedIn } from '../../builders/accounts.js';
import { statusOf } from '../../support/guarded-traffic.js';
import { createStores, type Stores } from '../../support/stores.js';
import { TcpProxy } from '../../support/tcp-proxy.js';
import { repeated } from '../../support/test-depth.js';
import { TestRedis } from '../../support/test-redis.js';
import { onThisMachine } from '../../support/time-limits.js';
import { Fleet, type Member } from './fleet.js';
import { streamTellsOf } from './stream-in-redis.js';

/** `FAULT_REVOCATIONS=1000` measures more of them. */
const REVOCATIONS = Number(process.env.FAULT_REVOCATIONS ?? repeated({ quick: 10, full: 100 }));
const PROCESSES = repeated({ quick: 3, full: 4 });
/** Loose, as tests share their machine; the benchmark holds the target of 50 ms. */
const P99_MILLISECONDS = onThisMachine(250);
/** Longer than a process may go by a list that nothing has renewed; `FAULT_FREEZE_SECONDS=30`. */
const FREEZE_MILLISECONDS = Number(process.env.FAULT_FREEZE_SECONDS ?? 3.5) * 1_000;

let stores: Stores;
let redis: TestRedis;
let replica: TestRedis;
let fleet: Fleet;
const revoked: SignedIn[] = [];

beforeAll(async () => {
  [stores, redis, replica] = await Promise.all([
    createStores(),
    TestRedis.start(),
    TestRedis.start(),
  ]);
  const environments = Array.from({ length: PROCESSES }, () => ({}));
  fleet = await Fleet.start(stores.databaseUrl, redis.port, environments);
  await fleet.tailing();
}, onThisMachine(90_000));

afterAll(async () => {
  await fleet?.stop();
  await Promise.all([redis?.stop(), replica?.stop()]);
  await stores?.drop();
});

describe('a revocation, with Redis', () => {
  it(
    'reaches every other process within milliseconds',
    async () => {
      const agent = new http.Agent({ keepAlive: true });
      const lateness: number[] = [];
      for (const [index, session] of (await fleet.signIn(REVOCATIONS)).entries()) {
        const by = member(index);
        await revoke(session, by);
        const since = performance.now();
        const others = fleet.members.filter((one) => one !== by);
        const last = others.map(({ service }) =>
          lastAcceptance(service.origin, session.accessToken, since, agent),
        );
        lateness.push(...(await Promise.all(last)));
        expect(await statusOf(by.service.origin, session.accessToken, agent)).toBe(401);
      }
      agent.destroy();
      const sorted = lateness.toSorted((a, b) => a - b);
      const [p50, p99, max] = [0.5, 0.99, 1].map((part) => percentile(sorted, part)) as [
        number,
        number,
        number,
      ];
      process.stdout.write(
        `Revoked on one process, last accepted on another (${lateness.length} samples): p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, max ${max.toFixed(1)} ms\n`,
      );
      expect(p99).toBeLessThanOrEqual(P99_MILLISECONDS);
      expect(fleet.traffic.violations()).toEqual([]);
    },
    onThisMachine(120_000),
  );
});

describe('revocations hold, and nobody valid is refused, when Redis', () => {
  it('is killed and comes back empty', () =>
    outlasts({ fault: () => redis.kill(), end: () => redis.restart() }));

  it('freezes for longer than a list may be old, and goes on', () =>
    outlasts({
      fault: async () => {
        await redis.pause();
      },
      during: () => pause(FREEZE_MILLISECONDS),
      end: () => redis.resume(),
    }));

  it('is cut off from one process only', () =>
    outlasts({
      fault: async () => member(1).redis.cut(),
      end: async () => member(1).redis.restore(),
    }));

  it('stops answering one process only', () =>
    outlasts({
      fault: async () => member(1).redis.stall(),
      during: () => pause(FREEZE_MILLISECONDS),
      end: async () => member(1).redis.restore(),
    }));

  it('is emptied, and no connection notices', () => outlasts({ fault: () => redis.flush() }));

  it('ends every connection', () =>
    outlasts({
      fault: async () => {
        await redis.command('CLIENT', 'KILL', 'TYPE', 'normal');
      },
    }));

  it('fails over to a replica that lagged, and back to a master that was left behind', async () => {
    const replication = await TcpProxy.start(redis.port);
    await replica.replicate(replication.port);
    await outlasts({
      fault: async () => replication.stall(),
      end: async () => {
        await replica.promote();
        for (const { redis: way } of fleet.members) way.redirect(replica.port);
      },
      port: replica.port,
    });
    await outlasts({
      fault: async () => {
        for (const { redis: way } of fleet.members) way.redirect(redis.port);
      },
    });
    await replication.stop();
  });
});

interface Fault {
  readonly fault: () => Promise<void>;
  /** Goes on while sessions that ended in the fault are being refused. */
  readonly during?: () => Promise<void>;
  readonly end?: () => Promise<void>;
  /** The port of the Redis that is in use afterwards. */
  readonly port?: number;
}

/** Ends sessions before, during and after a fault, and looks at all that ended so far. */
async function outlasts(scenario: Fault): Promise<void> {
  const { fault, during, end, port = redis.port } = scenario;
  const [before, first, second, after] = await fleet.signIn(4);
  if (!(before && first && second && after)) throw new Error('Not enough sessions.');
  await revoke(before, member(0));
  await fault();
  await Promise.all([revoke(first, member(0)), revoke(second, member(1))]);
  await fleet.refusedEverywhere(before, first, second);
  await during?.();
  await end?.();
  await revoke(after, member(2));
  await fleet.refusedEverywhere(after);
  await fleet.tailing();
  await streamTellsOf(port, revoked);
  await fleet.refusedEverywhere(...revoked.slice(-20));
  expect(fleet.traffic.violations()).toEqual([]);
}

async function revoke(session: SignedIn, by: Member): Promise<void> {
  await fleet.revoke(session, by);
  revoked.push(session);
}

function member(index: number): Member {
  return fleet.members[index % fleet.members.length] ?? fleet.first;
}

async function lastAcceptance(
  origin: string,
  token: string,
  since: number,
  agent: http.Agent,
): Promise<number> {
  for (let last = 0; ; ) {
    const sentAt = performance.now();
    if ((await statusOf(origin, token, agent)) !== 200) return last;
    last = sentAt - since;
  }
}

function percentile(sorted: readonly number[], part: number): number {
  return sorted[Math.ceil(sorted.length * part) - 1] ?? 0;
}
