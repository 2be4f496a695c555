import { Injectable, Module } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type AnnouncedEvent,
  LatchkeyModule,
  OnDurableEvent,
  Outbox,
  type OutboxDelivery,
  OutboxHandler,
  type OutboxOutcome,
  Undeliverable,
} from '../../../../src/latchkey/index.js';
import { pauseAfter } from '../../../../src/latchkey/platform/outbox/deliver-message.js';
import { type SignedIn, signUp, signUpAdmin } from '../../../builders/accounts.js';
import { eventually } from '../../../support/eventually.js';
import { refusalOf, refused } from '../../../support/refusal.js';
import { createStores, type Stores } from '../../../support/stores.js';
import { TestApp } from '../../../support/test-app.js';
import { storedEvents } from '../../audit/stored-events.js';

/** What becomes of deliveries, whichever instance makes them. */
let answer: (message: OutboxDelivery) => OutboxOutcome;
const delivered: OutboxDelivery[] = [];
const heard: { id: string; userId: string | undefined }[] = [];
let deaf = 0;

@Injectable()
class Recorder extends OutboxHandler {
  readonly kind = 'test';

  override async deliver(message: OutboxDelivery): Promise<OutboxOutcome> {
    const outcome = answer(message);
    delivered.push(message);
    return outcome;
  }
}

/** What has been done that cannot be taken back, and what is waited for before it. */
const done: number[] = [];
let before: (attempt: number) => Promise<void> = async () => undefined;

@Injectable()
class Careful extends OutboxHandler {
  readonly kind = 'careful';

  override async deliver({ attempt, requireHeld }: OutboxDelivery): Promise<OutboxOutcome> {
    await before(attempt);
    await requireHeld();
    done.push(attempt);
    return 'delivered';
  }
}

@Injectable()
class Welcome {
  @OnDurableEvent('user.registered')
  greet({ target }: AnnouncedEvent, id: string): void {
    if (deaf-- > 0) throw new Error('The newsletter is down.');
    heard.push({ id, userId: target?.id });
  }
}

@Module({ imports: [LatchkeyModule], providers: [Recorder, Careful, Welcome] })
class AppModule {}

let stores: Stores;
let apps: TestApp[];
let admin: SignedIn;
beforeAll(async () => {
  stores = await createStores();
  apps = [];
  for (const OUTBOX_WORKER of ['on', 'on', 'off'])
    apps.push(await TestApp.start({ stores, module: AppModule, env: { OUTBOX_WORKER } }));
  admin = await signUpAdmin(at(0));
});
beforeEach(async () => {
  answer = () => 'delivered';
  deaf = 0;
  delivered.length = 0;
  heard.length = 0;
});
afterAll(async () => {
  await Promise.all(apps.map((app) => app.stop()));
  await stores.drop();
});

const at = (index: number) => apps[index % apps.length] as TestApp;
/** From an instance that delivers nothing itself, unless said otherwise. */
const put = (recipient: string, index: number, app = at(2), kind = 'test') =>
  app.nest.get(DataSource).transaction((manager) =>
    app.nest.get(Outbox, { strict: false }).put(manager, {
      kind,
      recipient,
      payload: { index },
    }),
  );
/** Pauses and leases are over. */
const letTimePass = () =>
  stores.query(`WITH due AS (UPDATE outbox SET due_at = clock_timestamp() WHERE state = 'waiting')
    SELECT pg_notify('latchkey_outbox', '')`);
const states = async (recipient: string) => {
  const rows = await stores.query<{ state: string }>(
    'SELECT state FROM outbox WHERE recipient = $1 ORDER BY position',
    [recipient],
  );
  return rows.map(({ state }) => state);
};
const all = (state: string, recipient: string) =>
  eventually(async () => expect([...new Set(await states(recipient))]).toEqual([state]), {
    within: 5,
  });
const indexesOf = (recipient: string) =>
  delivered.filter((one) => one.recipient === recipient).map(({ payload }) => payload.index);
const failing = () => {
  throw new Error('It is down.');
};

describe('what is put into the outbox', () => {
  it('is delivered within a second of its commit, by another instance', async () => {
    await put('somebody', 1);
    await eventually(() => expect(indexesOf('somebody')).toEqual([1]), { within: 1 });
    await all('delivered', 'somebody');
  });

  it('is never delivered when its transaction is rolled back', async () => {
    const app = at(0);
    const rolledBack = app.nest.get(DataSource).transaction(async (manager) => {
      const message = { kind: 'test', recipient: 'nobody', payload: {} };
      await app.nest.get(Outbox, { strict: false }).put(manager, message);
      throw new Error('changed my mind');
    });
    await expect(rolledBack).rejects.toThrow('changed my mind');
    await put('after', 1);
    await all('delivered', 'after');
    expect(indexesOf('nobody')).toEqual([]);
  });

  it('survives an outage: nothing is lost or doubled, and each recipient’s order is kept', async () => {
    const recipients = Array.from({ length: 10 }, (_, index) => `mailbox ${index}`);
    answer = failing;
    for (let index = 0; index < 5; index++)
      await Promise.all(recipients.map((recipient, one) => put(recipient, index, at(one))));
    await eventually(
      async () => {
        const rows = await stores.query('SELECT FROM outbox WHERE last_error IS NOT NULL');
        expect(rows.length).toBeGreaterThanOrEqual(recipients.length);
      },
      { within: 5 },
    );
    // Of each recipient only the first has been tried.
    const tried = await stores.query<{ index: number }>(
      `SELECT (payload->>'index')::integer AS index FROM outbox WHERE attempts > 0 AND kind = 'test'
         AND state = 'waiting'`,
    );
    expect(new Set(tried.map(({ index }) => index))).toEqual(new Set([0]));
    answer = () => 'delivered';
    await letTimePass();
    for (const recipient of recipients) {
      await all('delivered', recipient);
      expect(indexesOf(recipient)).toEqual([0, 1, 2, 3, 4]);
    }
  });

  it('is tried with growing pauses, from seconds to an hour', async () => {
    expect([1, 2, 3, 4].map(pauseAfter)).toEqual([5, 10, 20, 40]);
    expect([11, 12, 1_000].map(pauseAfter)).toEqual([3_600, 3_600, 3_600]);
    answer = failing;
    await put('later', 1);
    await eventually(
      async () => {
        const [row] = await stores.query<{ error: string; pause: number }>(
          `SELECT last_error AS error,
             extract(epoch FROM due_at - clock_timestamp())::float8 AS pause
           FROM outbox WHERE recipient = 'later' AND last_error IS NOT NULL`,
        );
        expect(row?.error).toBe('Error: It is down.');
        expect(row?.pause).toBeGreaterThan(0);
        expect(row?.pause).toBeLessThanOrEqual(5);
      },
      { within: 5 },
    );
  });

  it('is taken over when whoever took it has died with it', async () => {
    answer = failing;
    await put('orphan', 1);
    await eventually(
      async () => {
        const [row] = await stores.query(
          `UPDATE outbox SET attempts = 7, due_at = clock_timestamp() + interval '1 second'
         WHERE recipient = 'orphan' AND last_error IS NOT NULL RETURNING id`,
        );
        expect(row).toBeDefined();
      },
      { within: 5 },
    );
    answer = () => 'delivered';
    await all('delivered', 'orphan');
  });

  it('is not delivered by a worker that has been away for so long that another one has it', async () => {
    before = async (attempt) => {
      if (attempt > 1) return;
      await stores.query(
        `UPDATE outbox SET attempts = attempts + 1, due_at = clock_timestamp()
         WHERE recipient = 'taken over'`,
      );
    };
    await put('taken over', 1, at(2), 'careful');
    await all('delivered', 'taken over');
    expect(done).toEqual([3]);
  });

  it('may be put off without having failed, or be dropped when there is nothing left to say', async () => {
    answer = () => ({ putOffSeconds: 1_000 });
    await put('busy', 1);
    await eventually(
      async () => {
        const [row] = await stores.query<{ seconds: number }>(
          `SELECT extract(epoch FROM due_at - clock_timestamp())::float8 AS seconds FROM outbox
         WHERE recipient = 'busy' AND last_error IS NULL`,
        );
        expect(row?.seconds).toBeGreaterThan(900);
      },
      { within: 5 },
    );
    answer = () => 'dropped';
    await letTimePass();
    await all('dropped', 'busy');
  });
});

describe('what was given up', () => {
  const give = async (recipient: string) => {
    answer = failing;
    await put(recipient, 1);
    await stores.query(`UPDATE outbox SET gives_up_at = clock_timestamp() WHERE recipient = $1`, [
      recipient,
    ]);
    await eventually(
      async () => {
        await letTimePass();
        expect(await states(recipient)).toEqual(['dead']);
      },
      { within: 5 },
    );
    const dead = await at(0).api.get('/admin/outbox?state=dead', { token: admin.accessToken });
    return dead.body.items[0];
  };
  const retry = (id: string) =>
    at(0).api.post(`/admin/outbox/${id}/retry`, undefined, { token: admin.accessToken });

  it('is what has been tried for a day; an admin sees why, and sends it again', async () => {
    const dead = await give('gone');
    expect(dead).toMatchObject({
      kind: 'test',
      state: 'dead',
      payload: { index: 1 },
      lastError: 'Error: It is down.',
      settledAt: expect.any(String),
    });
    answer = () => 'delivered';
    const retried = await retry(dead.id);
    expect([retried.status, retried.body]).toEqual([
      200,
      expect.objectContaining({ id: dead.id, state: 'waiting', settledAt: null }),
    ]);
    await stores.query(`SELECT pg_notify('latchkey_outbox', '')`);
    await all('delivered', 'gone');
    expect(refusalOf(await retry(dead.id))).toEqual(refused(409, 'outbox.settled'));
    expect(await storedEvents(stores, 'message.retried')).toEqual([
      expect.objectContaining({ actor_id: admin.userId, target_id: dead.id }),
    ]);
  });

  it('no longer holds up what came after it for the same recipient', async () => {
    await give('stuck');
    answer = () => 'delivered';
    await put('stuck', 2);
    await eventually(async () => expect(await states('stuck')).toEqual(['dead', 'delivered']), {
      within: 5,
    });
  });

  it('is given up at once when no try can succeed', async () => {
    answer = () => {
      throw new Undeliverable('There is no such mailbox.');
    };
    await put('typo', 1);
    await all('dead', 'typo');
  });

  it('is not found under an id that no message has', async () => {
    expect(refusalOf(await retry(admin.userId))).toEqual(refused(404, 'outbox.not_found'));
  });
});

describe('a durable listener', () => {
  it('hears of an event until it has taken it in, once, and the same id each time', async () => {
    deaf = 1;
    const { userId } = await signUp(at(2));
    const ofUser = () => heard.filter((one) => one.userId === userId);
    await eventually(
      async () => {
        const rows = await stores.query(
          `SELECT FROM outbox WHERE kind = 'event' AND last_error LIKE '%newsletter%'`,
        );
        expect(rows).toHaveLength(1);
      },
      { within: 5 },
    );
    expect(ofUser()).toEqual([]);
    await letTimePass();
    await eventually(() => expect(ofUser()).toHaveLength(1), { within: 5 });
    const [row] = await stores.query<{ id: string }>(`SELECT id FROM outbox WHERE recipient = $1`, [
      `Welcome.greet ${userId}`,
    ]);
    expect(ofUser()[0]?.id).toBe(row?.id);
    await all('delivered', `Welcome.greet ${userId}`);
  });
});

it('what waits and what was given up is counted in the metrics', async () => {
  const { text } = await at(0).api.get('/metrics');
  for (const state of ['waiting', 'dead'])
    expect(text).toMatch(
      new RegExp(`^latchkey_outbox_messages\\{state="${state}"\\} [0-9]+$`, 'm'),
    );
  expect(text).toMatch(/^latchkey_outbox_oldest_waiting_seconds [0-9.]+$/m);
});
