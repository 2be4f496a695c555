import { Injectable, Module } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  LatchkeyModule,
  Outbox,
  type OutboxDelivery,
  OutboxHandler,
  type OutboxOutcome,
} from '../../../../src/latchkey/index.js';
import { eventually } from '../../../support/eventually.js';
import { createStores, type Stores } from '../../../support/stores.js';
import { TestApp } from '../../../support/test-app.js';

const HOUR_SECONDS = 3_600;
/** More than there are places, each with more than are looked at in one statement. */
const FLOODED = 8;
const EACH = 1_500;

const delivered: string[] = [];
let release: () => void = () => undefined;
const released = new Promise<void>((resolve) => {
  release = resolve;
});

/** Those whose share of the hour is used up are put off, as mails are. */
@Injectable()
class Quick extends OutboxHandler {
  readonly kind = 'quick';

  override async deliver({ recipient }: OutboxDelivery): Promise<OutboxOutcome> {
    delivered.push(recipient);
    return recipient.startsWith('full') ? { putOffSeconds: HOUR_SECONDS } : 'delivered';
  }
}

@Injectable()
class Hanging extends OutboxHandler {
  readonly kind = 'hanging';

  override async deliver(): Promise<OutboxOutcome> {
    await released;
    return 'delivered';
  }
}

@Module({ imports: [LatchkeyModule], providers: [Quick, Hanging] })
class AppModule {}

let stores: Stores;
let app: TestApp;
beforeAll(async () => {
  stores = await createStores();
  app = await TestApp.start({ stores, module: AppModule });
});
afterAll(async () => {
  release();
  await app.stop();
  await stores.drop();
});

const put = (kind: string, recipient: string) =>
  app.nest
    .get(DataSource)
    .transaction((manager) =>
      app.nest.get(Outbox, { strict: false }).put(manager, { kind, recipient, payload: {} }),
    );
const flood = (recipient: string) =>
  stores.query(
    `INSERT INTO outbox (id, kind, recipient, payload, gives_up_at)
     SELECT gen_random_uuid(), 'quick', $1 || (turn % ${FLOODED}), '{}', 'infinity'
     FROM generate_series(1, ${FLOODED * EACH}) AS turn`,
    [recipient],
  );
const comes = (recipient: string, within: number) =>
  eventually(() => expect(delivered).toContain(recipient), { within });
const waitingFor = (recipient: string) =>
  stores.query(`SELECT FROM outbox WHERE state = 'waiting' AND recipient LIKE $1`, [
    `${recipient}%`,
  ]);

it('a flood for some mailboxes holds up no other: each mailbox has its turn', async () => {
  await flood('full');
  await put('quick', 'before');
  await comes('before', 2);
  await flood('flowing');
  for (const recipient of ['one', 'two', 'three']) {
    await put('quick', recipient);
    await comes(recipient, 1);
  }
  expect((await waitingFor('flowing')).length).toBeGreaterThan(FLOODED * 100);
});

it('what waits behind others comes as soon as they have gone, one after the other', async () => {
  const order = Array.from({ length: 20 }, (_, index) => index);
  for (const _ of order) await put('quick', 'queue');
  await eventually(
    async () => {
      const rows = await stores.query<{ position: number }>(
        `SELECT rank() OVER (ORDER BY settled_at)::integer - 1 AS position FROM outbox
         WHERE recipient = 'queue' AND state = 'delivered' ORDER BY outbox.position`,
      );
      expect(rows.map(({ position }) => position)).toEqual(order);
    },
    { within: 20 },
  );
});

it('deliveries that hang hold up nothing of another kind', async () => {
  for (let index = 0; index < 20; index++) await put('hanging', `hanging ${index}`);
  await eventually(
    async () => {
      const held = await stores.query(`SELECT FROM outbox WHERE kind = 'hanging' AND attempts > 0`);
      expect(held.length).toBeGreaterThan(0);
    },
    { within: 2 },
  );
  await put('quick', 'another kind');
  await comes('another kind', 1);
});
