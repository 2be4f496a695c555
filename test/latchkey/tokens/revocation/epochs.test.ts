import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DeploymentId } from '../../../../src/latchkey/platform/redis/deployment-id.js';
import { Revocations } from '../../../../src/latchkey/tokens/revocation/revocations.js';
import { eventually } from '../../../support/eventually.js';
import { createStores, type Stores } from '../../../support/stores.js';
import { TestApp } from '../../../support/test-app.js';
import { sampled } from '../../../support/test-depth.js';
import { TestRedis } from '../../../support/test-redis.js';
import { onThisMachine } from '../../../support/time-limits.js';
import { passGoesBy } from '../../faults/stream-in-redis.js';
import { VerifyingService } from '../../published/access/verifying-service.js';

const WITHIN = { within: 15 };

const EPOCHS: Readonly<Record<string, (present: number) => string>> = {
  same: String,
  older: (present) => String(present - 1),
  newer: (present) => String(present + 3),
  other: () => 'b5f0a3c2',
};

let server: TestRedis;
let redis: Redis;
let stores: Stores;
let app: TestApp;
beforeAll(async () => {
  [server, stores] = await Promise.all([TestRedis.start(), createStores()]);
  redis = new Redis(server.url);
  app = await start();
});
afterAll(async () => {
  await app.stop();
  redis.disconnect();
  await Promise.all([server.stop(), stores.drop()]);
});

const start = () =>
  TestApp.start({ stores, env: { REDIS_URL: server.url, REVOCATION_POLL_SECONDS: '60' } });

interface Cell {
  readonly process: 'stayed' | 'starts';
  readonly messages: 'there' | 'missing';
  readonly epoch: string;
}

const CELLS = (['stayed', 'starts'] as const).flatMap((process) =>
  (['there', 'missing'] as const).flatMap((messages) =>
    Object.keys(EPOCHS).map((epoch): Cell => ({ process, messages, epoch })),
  ),
);

// In quick the first and the last: nothing has changed, and everything has.
it.each(sampled(CELLS, { oneIn: CELLS.length - 1 }))(
  'a backend that $process, and a Redis whose messages are $messages under the epoch $epoch: a service that starts accepts nothing that was revoked',
  async ({ process, messages, epoch }) => {
    const { value: deploymentId, keyPrefix } = app.nest.get(DeploymentId);
    const stream = `${keyPrefix}{revocations}`;
    const sessionId = randomUUID();
    // Neither the oldest message nor the newest.
    for (const sid of [randomUUID(), sessionId, randomUUID()]) {
      await app.nest.get(Revocations).commit(async (transaction) => {
        transaction.revoke({ kind: 'session', sessionId: sid });
      });
    }
    const [id] = await eventually(() => messageOf(stream, sessionId), WITHIN);
    await passGoesBy(server.port);
    if (process === 'starts') await app.stop();
    const [number, runId] = String(await redis.get(`${stream}:epoch`)).split(' ');
    const present = Number(number);
    const other = `${EPOCHS[epoch]?.(present)} ${runId}`;
    const change = redis.multi().set(`${stream}:epoch`, other);
    if (messages === 'missing') change.xdel(stream, id);
    await change.exec();
    if (process === 'starts') app = await start();

    await using service = await VerifyingService.create();
    service.issuer.deploymentId = deploymentId;
    service.start({ redisUrl: server.url });
    const [ended, live] = [sessionId, randomUUID()].map((sid) => service.issuer.token({ sid }));
    const check = async () => {
      expect(await service.outcome(ended)).not.toBe('accepted');
      expect(await service.outcome(live)).toBe('accepted');
    };
    await eventually(check, WITHIN);
    expect(await service.outcome(ended)).toBe('access.token_revoked');
    const [row] = await stores.query('SELECT epoch FROM revocation_progress');
    expect(await redis.get(`${stream}:epoch`)).toBe(`${row?.epoch} ${runId}`);
    const unharmed = epoch === 'same' && messages === 'there';
    expect(Number(row?.epoch) > present).toBe(!unharmed);
  },
  onThisMachine(40_000),
);

async function messageOf(stream: string, sessionId: string): Promise<[string, string[]]> {
  const messages = await redis.xrange(stream, '-', '+');
  const message = messages.find(([, fields]) => fields.join().includes(sessionId));
  if (message === undefined) throw new Error('The stream does not tell of the session.');
  return message;
}
