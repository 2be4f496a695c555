import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { Redis } from 'ioredis';
import { v7 as uuidv7 } from 'uuid';
import { eventually } from '../support/eventually.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { TestRedis } from '../support/test-redis.js';
import { VerifyingService } from './verifying-service.js';

const STREAM = 'latchkey:revocations';
const EPOCH = '{latchkey:revocations}:epoch';
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

/** As a backend does. */
const publish = (sessionId: string, id = '*') =>
  redis.xadd(STREAM, id, 'revocations', JSON.stringify([['session', sessionId, null, 3_690]]));

it('a stream is not gone by before a backend has said that it is complete', async () => {
  await using service = await startService();
  const [ended, live] = [sessionOf(service), sessionOf(service)];
  await publish(ended.sid);
  await becomes(service, ended.token, 'access.token_revoked');
  expect(await service.outcome(live.token)).toBe(UNAVAILABLE);
  await redis.set(EPOCH, 'first');
  await becomes(service, live.token, 'accepted');
});

it('a stream that is published anew is read from its start, even under lower ids', async () => {
  await using service = await startService();
  const [ended, live] = [sessionOf(service), sessionOf(service)];
  await publish(sessionOf(service).sid);
  await redis.set(EPOCH, 'before');
  await becomes(service, live.token, 'accepted');
  await redis.multi().del(STREAM, EPOCH).exec();
  await publish(ended.sid, '1-1');
  await redis.set(EPOCH, 'after');
  await becomes(service, ended.token, 'access.token_revoked');
  await becomes(service, live.token, 'accepted');
});

it('word of a new key has the keys fetched, before a token of it comes', async () => {
  await redis.set(EPOCH, 'present');
  await using service = await startService();
  const { issuer } = service;
  await becomes(service, issuer.token(), 'accepted');
  const { fetches } = issuer;
  const news = JSON.stringify([['key-published', 'a-new-key', null, 3_690]]);
  await redis.xadd(STREAM, '*', 'revocations', news);
  await eventually(() => expect(issuer.fetches).toBe(fetches + 1), { within: 3 });
});

it('what a backend publishes only once Redis is back is there before the list counts again', async () => {
  await redis.set(EPOCH, 'present');
  const proxy = await TcpProxy.start(Number(new URL(server.url).port));
  await using service = await startService(`redis://127.0.0.1:${proxy.port}`);
  const { sid, token } = sessionOf(service);
  await becomes(service, token, 'accepted');
  proxy.cut();
  await becomes(service, token, UNAVAILABLE);
  const reads = await readCount();
  proxy.restore();
  // It has read to the end, and found nothing; each read waits 400 ms. A backend may take longer
  // than three seconds until it is connected.
  await eventually(async () => expect(await readCount()).toBeGreaterThan(reads + 9), { within: 8 });
  expect(await service.outcome(token)).toBe(UNAVAILABLE);
  await publish(sid);
  await becomes(service, token, 'access.token_revoked');
  await becomes(service, sessionOf(service).token, 'accepted');
  await proxy.stop();
});

async function readCount(): Promise<number> {
  return Number(/cmdstat_xread:calls=(\d+)/.exec(await redis.info('commandstats'))?.[1]);
}

async function startService(redisUrl = server.url): Promise<VerifyingService> {
  const service = await VerifyingService.create();
  service.start({ redisUrl, revocationMaxStalenessSeconds: 1 });
  return service;
}

function sessionOf({ issuer }: VerifyingService) {
  const sid = uuidv7();
  return { sid, token: issuer.token({ sid }) };
}

function becomes(service: VerifyingService, token: string, expected: string): Promise<void> {
  const check = async () => expect(await service.outcome(token)).toBe(expected);
  return eventually(check, { within: 12 });
}
