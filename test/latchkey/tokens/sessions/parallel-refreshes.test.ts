import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signUp } from '../../../builders/accounts.js';
import { findSession, generationOf, rotate } from '../../../builders/sessions.js';
import { Instances } from '../../../support/instances.js';
import { repeated } from '../../../support/test-depth.js';
import { onThisMachine } from '../../../support/time-limits.js';

/** For a longer run: TEST_RUNS=5000 npm test -- parallel-refreshes */
const ROUNDS = repeated({ quick: 4, full: 200 });
const SECONDS_PER_ROUND_AT_MOST = 1.5;
const CALLERS = 50;
const INSTANCES = repeated({ quick: 2, full: 3 });

describe(`many callers with one refresh token, on ${INSTANCES} instances`, () => {
  let instances: Instances;
  beforeAll(async () => {
    instances = await Instances.start(...Array(INSTANCES).fill({}));
  });
  afterAll(async () => instances.stop());

  it(
    'all get the same next token, round after round',
    async () => {
      const { refreshToken, sessionId } = await signUp(instances.at(0).app);
      let current = refreshToken;
      const unlike: unknown[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        const answers = await Promise.all(
          Array.from({ length: CALLERS }, (_, caller) =>
            instances.at(caller + round).client.refresh(current),
          ),
        );
        const next = answers[0]?.body.refreshToken;
        for (const { status, body } of answers) {
          if (status !== 200 || body.refreshToken !== next) unlike.push({ round, status, body });
        }
        current = next;
      }

      expect(unlike).toEqual([]);
      // One rotation a round: no caller rotated on top of another.
      expect(generationOf(current)).toBe(ROUNDS);
      expect(await findSession(instances.stores, sessionId)).toEqual({
        generation: ROUNDS,
        endReason: null,
        endedAt: null,
      });
      expect((await instances.at(0).client.refresh(current)).status).toBe(200);
    },
    onThisMachine(10_000 + ROUNDS * SECONDS_PER_ROUND_AT_MOST * 1000),
  );

  it('get access tokens that every instance accepts', async () => {
    const { refreshToken } = await signUp(instances.at(0).app);
    const answers = await Promise.all(
      Array.from({ length: 9 }, (_, caller) => instances.at(caller).client.refresh(refreshToken)),
    );

    const accepted = await Promise.all(
      answers.flatMap(({ body }) =>
        instances.all.map(({ client }) => client.get('/auth/me', body.accessToken)),
      ),
    );

    expect(accepted.map(({ status }) => status)).toEqual(Array(9 * INSTANCES).fill(200));
  });

  it('hold the same token also when they come with tokens of different ages', async () => {
    const { refreshToken } = await signUp(instances.at(0).app);
    const rotated = await rotate(instances.at(1).app.api, refreshToken, 3);
    const held = [refreshToken, ...rotated];

    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, caller) =>
        instances.at(caller).client.refresh(held[caller % held.length] ?? ''),
      ),
    );

    // Whoever came with a superseded token before the rotation got the token current until then.
    const before = rotated.at(-1);
    const after = new Set(answers.map(({ body }) => body.refreshToken));
    after.delete(before);
    expect(answers.map(({ status }) => status)).toEqual(Array(40).fill(200));
    expect(after.size).toBe(1);
    for (const { body } of answers.filter((_, caller) => held[caller % held.length] === before)) {
      expect([...after]).toEqual([body.refreshToken]);
    }
  });
});
