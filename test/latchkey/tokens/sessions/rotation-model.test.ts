/**
 * Plays random interleavings of clients, instances, pauses and endings against the service and
 * real Postgres, and compares every answer with a simple model. TEST_RUNS sets how many:
 * TEST_RUNS=100000 npm test -- rotation-model
 */

import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { signUp } from '../../../builders/accounts.js';
import {
  age,
  countThefts,
  findPresentedGeneration,
  findSession,
} from '../../../builders/sessions.js';
import { Instances } from '../../../support/instances.js';
import { repeated } from '../../../support/test-depth.js';
import { onThisMachine } from '../../../support/time-limits.js';
import { familyCommands, type RealFamily } from './model/commands.js';
import { FamilyModel, type Limits } from './model/family-model.js';
import { Service } from './model/service.js';
import { MovableClock } from './model/span.js';

const RUNS = repeated({ quick: 80, full: 2_000 });
/** Properties that run side by side: while one waits for Postgres, the others compute. */
const LANES = 4;
const SECONDS_PER_RUN_AT_MOST = 0.3;
const SECONDS_TO_START = 60;
const LIMITS: Limits = {
  graceMilliseconds: 10_000,
  recoveryMilliseconds: 40_000,
  idleMilliseconds: 65_000,
  absoluteMilliseconds: 200_000,
};

let instances: Instances;
let services: Service[];
beforeAll(async () => {
  const env = {
    REFRESH_GRACE_SECONDS: String(LIMITS.graceMilliseconds / 1000),
    REFRESH_RECOVERY_SECONDS: String(LIMITS.recoveryMilliseconds / 1000),
    SESSION_IDLE_TTL_SECONDS: String(LIMITS.idleMilliseconds / 1000),
    SESSION_ABSOLUTE_TTL_SECONDS: String(LIMITS.absoluteMilliseconds / 1000),
  };
  instances = await Instances.start(env, env);
  services = instances.all.map(({ app }) => new Service(app));
});
afterAll(async () => instances.stop());

it(
  'a family of refresh tokens behaves as the model, whatever clients and instances do',
  async () => {
    const { userId } = await signUp(instances.at(0).app);
    let runs = 0;
    let recoveries = 0;
    let thefts = 0;
    const property = fc.asyncProperty(
      familyCommands(LIMITS.graceMilliseconds),
      async (commands) => {
        const { model, real } = await startFamily(userId);
        await fc.asyncModelRun(() => ({ model, real }), commands);
        await expectAgreement(model, real);
        runs += 1;
        recoveries += model.recoveries;
        thefts += model.thefts;
      },
    );
    const numRuns = Math.ceil(RUNS / LANES);

    await Promise.all(Array.from({ length: LANES }, () => fc.assert(property, { numRuns })));

    expect(runs).toBeGreaterThanOrEqual(RUNS);
    expect(recoveries).toBeGreaterThan(RUNS / 20);
    expect(thefts).toBeGreaterThan(RUNS / 20);
  },
  onThisMachine((SECONDS_TO_START + RUNS * SECONDS_PER_RUN_AT_MOST) * 1000),
);

async function startFamily(userId: string): Promise<{ model: FamilyModel; real: RealFamily }> {
  const clock = new MovableClock();
  const [service] = services;
  if (service === undefined) throw new Error('No instance has been started.');
  const { result, span } = await clock.during(() => service.start(userId));
  const { sessionId, refreshToken } = result;
  const letPass = (milliseconds: number) => age(instances.stores, sessionId, milliseconds / 1000);
  const presentedGeneration = () => findPresentedGeneration(instances.stores, sessionId);
  return {
    model: new FamilyModel(LIMITS, clock, refreshToken, span),
    real: { services, sessionId, userId, letPass, presentedGeneration },
  };
}

/** The newest token is as good as the model says, and the row holds what the model counted. */
async function expectAgreement(model: FamilyModel, real: RealFamily): Promise<void> {
  const { tokens, clock, currentGeneration } = model;
  const { result, span } = await clock.during(() =>
    (services[1] as Service).refresh(tokens.at(-1) ?? ''),
  );
  expect(model.permitted(currentGeneration, span)).toContain(result.outcome);
  const row = await findSession(instances.stores, real.sessionId);
  expect(row?.generation).toBe(currentGeneration + (result.outcome === 'granted' ? 1 : 0));
  expect(await countThefts(instances.stores, real.sessionId)).toBe(model.thefts);
}
