import { randomUUID } from 'node:crypto';
import { Logger } from '@nestjs/common';
import { Redis } from 'ioredis';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { ResourceServerOptions } from '../../../../src/latchkey/published/access/resource-server-options.js';
import { eventually } from '../../../support/eventually.js';
import { TcpProxy } from '../../../support/tcp-proxy.js';
import { TestRedis } from '../../../support/test-redis.js';
import { onThisMachine } from '../../../support/time-limits.js';
import { VerifyingService } from './verifying-service.js';

const WITHIN = { within: 20 };
const UNAVAILABLE = 'access.revocation_unavailable';

Logger.overrideLogger(false);

let server: TestRedis;
let redis: Redis;
beforeAll(async () => {
  server = await TestRedis.start();
  redis = new Redis(server.url);
});
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

let deployment: string;
let stream: string;
beforeEach(() => {
  deployment = randomUUID();
  stream = `latchkey:${deployment}:{revocations}`;
});

// As a backend does.
const publish = (sessionId: string, id = '*') =>
  redis.xadd(stream, id, 'revocations', JSON.stringify([['session', sessionId, null, 3_690]]));
const tell = (step: 'begun' | 'complete', pass: string) =>
  redis.xadd(`${stream}:passes`, '*', step, pass);
const setEpoch = (epoch: number) => redis.set(`${stream}:epoch`, epoch);

/** Goes on making passes until what is expected has come to pass. */
async function proving(check: () => Promise<void>): Promise<void> {
  const attempt = async () => {
    const pass = randomUUID();
    await tell('begun', pass);
    await tell('complete', pass);
    await check();
  };
  await eventually(attempt, WITHIN);
}

it(
  'a stream is not gone by before a backend has said that it is complete',
  async () => {
    await using service = await startService();
    const [ended, live] = [sessionOf(service), sessionOf(service)];
    await publish(ended.sid);
    await becomes(service, ended.token, 'access.token_revoked');
    expect(await service.outcome(live.token)).toBe(UNAVAILABLE);
    const reads = await readCount();
    await readsOn();
    // It waits for news, and does not ask again and again meanwhile.
    expect((await readCount()) - reads).toBeLessThan(50);
    await setEpoch(1);
    await readsOn();
    expect(await service.outcome(live.token)).toBe(UNAVAILABLE);
    await proving(async () => expect(await service.outcome(live.token)).toBe('accepted'));
  },
  onThisMachine(60_000),
);

it('a stream that is published anew is read from its start, even under lower ids', async () => {
  await using service = await startService();
  const [ended, live] = [sessionOf(service), sessionOf(service)];
  await publish(sessionOf(service).sid);
  await setEpoch(1);
  await proving(async () => expect(await service.outcome(live.token)).toBe('accepted'));
  await redis.del(stream, `${stream}:epoch`);
  await publish(ended.sid, '1-1');
  await setEpoch(2);
  await becomes(service, ended.token, 'access.token_revoked');
  await proving(async () => expect(await service.outcome(live.token)).toBe('accepted'));
});

it('word of a new key has the keys fetched, before a token of it comes', async () => {
  await setEpoch(1);
  await using service = await startService();
  const { issuer } = service;
  await proving(async () => expect(await service.outcome()).toBe('accepted'));
  const { fetches } = issuer;
  const news = JSON.stringify([['key-published', 'a-new-key', null, 3_690]]);
  await redis.xadd(stream, '*', 'revocations', news);
  await eventually(() => expect(issuer.fetches).toBe(fetches + 1), { within: 3 });
});

it(
  'what a backend publishes only once Redis is back is there before the list counts again, however long that takes',
  async () => {
    await setEpoch(1);
    const proxy = await TcpProxy.start(Number(new URL(server.url).port));
    await using service = await startService({ redisUrl: `redis://127.0.0.1:${proxy.port}` });
    const { sid, token } = sessionOf(service);
    await proving(async () => expect(await service.outcome(token)).toBe('accepted'));
    // A backend that is stopped in the middle of a pass, and goes on after the outage.
    await tell('begun', 'stopped');
    await readsOn();
    proxy.cut();
    await becomes(service, token, UNAVAILABLE);
    proxy.restore();
    await readsOn();
    await tell('complete', 'stopped');
    await readsOn();
    expect(await service.outcome(token)).toBe(UNAVAILABLE);
    await tell('begun', 'next');
    await readsOn();
    expect(await service.outcome(token)).toBe(UNAVAILABLE);
    await publish(sid);
    await tell('complete', 'next');
    await becomes(service, token, 'access.token_revoked');
    await proving(async () =>
      expect(await service.outcome(sessionOf(service).token)).toBe('accepted'),
    );
    await proxy.stop();
  },
  onThisMachine(60_000),
);

it('a service that wants proof all the time closes when it ceases', async () => {
  await setEpoch(1);
  await using strict = await startService({ revocationProof: 'always' });
  await proving(async () => expect(await strict.outcome()).toBe('accepted'));
  await becomes(strict, strict.issuer.token(), UNAVAILABLE);
  await proving(async () => expect(await strict.outcome()).toBe('accepted'));
});

it('a service that cannot learn which deployment it belongs to stays closed, until it can', async () => {
  await setEpoch(1);
  await using service = await VerifyingService.create();
  service.issuer.deploymentId = undefined;
  service.start({ redisUrl: server.url, revocationMaxStalenessSeconds: 1 });
  const token = service.issuer.token();
  await proving(async () => expect(await service.outcome(token)).toBe(UNAVAILABLE));
  service.issuer.deploymentId = deployment;
  await proving(async () => expect(await service.outcome(token)).toBe('accepted'));
});

it('a service that was told the id needs no metadata', async () => {
  await setEpoch(1);
  await using service = await VerifyingService.create();
  service.issuer.deploymentId = undefined;
  service.start({ redisUrl: server.url, deploymentId: deployment });
  await proving(async () => expect(await service.outcome()).toBe('accepted'));
});

/** Whoever tails has read to the end meanwhile, three times at least. */
async function readsOn(): Promise<void> {
  const reads = await readCount();
  await eventually(async () => expect(await readCount()).toBeGreaterThan(reads + 3), WITHIN);
}

async function readCount(): Promise<number> {
  return Number(/cmdstat_xread:calls=(\d+)/.exec(await redis.info('commandstats'))?.[1] ?? 0);
}

async function startService(
  options: Partial<ResourceServerOptions> = {},
): Promise<VerifyingService> {
  const service = await VerifyingService.create();
  service.issuer.deploymentId = deployment;
  service.start({ redisUrl: server.url, revocationMaxStalenessSeconds: 1, ...options });
  return service;
}

function sessionOf({ issuer }: VerifyingService) {
  const sid = uuidv7();
  return { sid, token: issuer.token({ sid }) };
}

function becomes(service: VerifyingService, token: string, expected: string): Promise<void> {
  const check = async () => expect(await service.outcome(token)).toBe(expected);
  return eventually(check, WITHIN);
}
