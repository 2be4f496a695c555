import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SignedIn, signUp } from '../../../builders/accounts.js';
import { countThefts, findSession, generationOf } from '../../../builders/sessions.js';
import { eventually } from '../../../support/eventually.js';
import { ServedProcess } from '../../../support/served-process.js';
import { createStores, type Stores } from '../../../support/stores.js';
import { repeated } from '../../../support/test-depth.js';
import { onThisMachine } from '../../../support/time-limits.js';

const KILLS = repeated({ quick: 1, full: 3 });
const CLIENTS = 8;
const ANSWERS_BETWEEN_KILLS = 60;
/** The longest grace there is: a busy machine may take a while to start the service again. */
const SETTINGS = { REFRESH_GRACE_SECONDS: '60' };

describe('a service that is killed in the middle of refreshes', () => {
  let stores: Stores;
  let service: ServedProcess;
  beforeAll(async () => {
    stores = await createStores();
    service = await ServedProcess.start(stores, SETTINGS);
  });
  afterAll(async () => {
    await service.kill();
    await stores.drop();
  });

  /** Refreshes without a pause; what is not answered is sent again, as it is. */
  class Client {
    readonly refusals: unknown[] = [];
    refreshToken: string;
    answers = 0;
    lost = 0;

    constructor(readonly device: SignedIn) {
      this.refreshToken = device.refreshToken;
    }

    async refreshUntil(finished: () => boolean): Promise<void> {
      while (!finished() && this.refusals.length === 0) {
        const answer = await service.client.refresh(this.refreshToken).catch(() => null);
        if (answer === null) {
          this.lost += 1;
          await new Promise((resolve) => setTimeout(resolve, 20));
        } else if (answer.status === 200) {
          this.refreshToken = answer.body.refreshToken;
          this.answers += 1;
        } else {
          this.refusals.push(answer.body);
        }
      }
    }
  }

  it(
    'signs nobody out and takes no retry for theft',
    async () => {
      const clients: Client[] = [];
      for (let index = 0; index < CLIENTS; index++) clients.push(new Client(await signUp(service)));
      const answered = () => clients.reduce((sum, { answers }) => sum + answers, 0);
      const finished = () => answered() >= (KILLS + 1) * ANSWERS_BETWEEN_KILLS;
      const refreshing = clients.map((client) => client.refreshUntil(finished));

      for (let kill = 1; kill <= KILLS; kill++) {
        await eventually(
          () => expect(answered()).toBeGreaterThanOrEqual(kill * ANSWERS_BETWEEN_KILLS),
          { within: 60 },
        );
        await service.kill();
        const { port } = service;
        service = await ServedProcess.start(stores, { ...SETTINGS, PORT: port });
      }
      await Promise.all(refreshing);

      expect(clients.flatMap(({ refusals }) => refusals)).toEqual([]);
      expect(clients.every(({ lost }) => lost >= KILLS)).toBe(true);
      expect(await countThefts(stores)).toBe(0);
      for (const { device, refreshToken } of clients) {
        expect(await findSession(stores, device.sessionId)).toEqual({
          generation: generationOf(refreshToken),
          endReason: null,
          endedAt: null,
        });
      }
    },
    onThisMachine(300_000),
  );
});
