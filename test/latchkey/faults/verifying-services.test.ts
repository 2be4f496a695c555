import { Logger } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SignedIn } from '../../builders/accounts.js';
import { repeated } from '../../support/test-depth.js';
import { onThisMachine } from '../../support/time-limits.js';
import { REVOKED, UNAVAILABLE, VerifyingStage, type WatchedService } from './verifying-stage.js';

interface Fault {
  readonly fail: (stage: VerifyingStage) => unknown;
  readonly mend: (stage: VerifyingStage) => unknown;
  /** Services that hear Redis all the time notice nothing, unless they want proof all the time. */
  readonly noGap?: true;
}

/** What becomes of Redis, or of the way to it. */
const FAULTS: Readonly<Record<string, Fault>> = {
  'is killed': { fail: ({ redis }) => redis.kill(), mend: ({ redis }) => redis.restart() },
  freezes: { fail: ({ redis }) => redis.pause(), mend: ({ redis }) => redis.resume() },
  'is emptied': {
    fail: ({ redis, wayOfBackend }) => {
      wayOfBackend.cut();
      return redis.flush();
    },
    mend: ({ wayOfBackend }) => wayOfBackend.restore(),
  },
  'is cut off from the backend': {
    fail: ({ wayOfBackend }) => wayOfBackend.cut(),
    mend: ({ wayOfBackend }) => wayOfBackend.restore(),
    noGap: true,
  },
  'is cut off from the service': {
    fail: ({ wayOfServices }) => wayOfServices.cut(),
    mend: ({ wayOfServices }) => wayOfServices.restore(),
  },
};

/** What becomes of the backend meanwhile. In this order, as each takes over what the one before left. */
const FATES = ['goes on', 'is stopped', 'is killed', 'is started anew'] as const;
type Fate = (typeof FATES)[number];

interface Cell {
  readonly fault: string;
  readonly fate: Fate;
  readonly service: 'was there' | 'starts';
}

/** In quick one fate, of the next fault another one. */
const fatesOf = (fault: string) => {
  const row = Object.keys(FAULTS).indexOf(fault);
  return FATES.filter((_, index) => (row + index) % repeated({ quick: 4, full: 1 }) === 0);
};

const CELLS: Cell[] = Object.keys(FAULTS).flatMap((fault) =>
  fatesOf(fault).flatMap((fate) =>
    (['was there', 'starts'] as const).map((service) => ({ fault, fate, service })),
  ),
);

/** One for each fault. */
const stages: VerifyingStage[] = [];
/** What each cell showed. */
const shown = new Map<string, string[]>();
const nameOf = ({ fault, fate, service }: Cell) => [fault, fate, service].join();

beforeAll(async () => {
  Logger.overrideLogger(false);
  // One after the other: the start of a process is most of what the processors have to do here.
  while (stages.length < Object.keys(FAULTS).length) stages.push(await VerifyingStage.start());
  await Promise.all(Object.entries(FAULTS).map(playAllFates));
}, onThisMachine(240_000));

afterAll(() => Promise.all(stages.map((stage) => stage.close())), onThisMachine(60_000));

describe.each(CELLS)(
  'Redis $fault, the backend $fate, a service that only verifies $service',
  (cell) => {
    it('accepts no token that was revoked meanwhile, and judges again once it can', () => {
      expect(shown.get(nameOf(cell))).toEqual([
        'refused all along',
        'closed until proof',
        'opened',
      ]);
    });
  },
);

async function playAllFates([name, fault]: [string, Fault], index: number): Promise<void> {
  const stage = stages[index];
  if (stage === undefined) throw new Error('There is no stage for this fault.');
  for (const fate of fatesOf(name)) await play(stage, fault, { fault: name, fate });
}

async function play(
  stage: VerifyingStage,
  fault: Fault,
  { fault: faultName, fate }: Pick<Cell, 'fault' | 'fate'>,
): Promise<void> {
  const [ended, live] = [await stage.signIn(), await stage.signIn()];
  const present = stage.startService(fault.noGap && { revocationProof: 'always' });
  await present.becomes(ended, 'accepted');
  await fault.fail(stage);
  await stage.revoke(ended);
  await present.becomes(live, UNAVAILABLE);
  present.watch(ended);
  if (fate === 'is stopped') stage.stopBackend();
  if (fate === 'is killed' || fate === 'is started anew') await stage.killBackend();
  if (fate === 'is started anew') await stage.startBackend();
  await fault.mend(stage);
  const late = stage.startService();
  late.watch(ended);
  const absent = fate === 'is stopped' || fate === 'is killed';
  const closed = !absent || (await areClosed([present, late], live));
  if (fate === 'is stopped') stage.continueBackend();
  if (fate === 'is killed') await stage.startBackend();
  for (const [service, one] of [
    ['was there', present],
    ['starts', late],
  ] as const) {
    await one.becomes(live, 'accepted');
    await one.becomes(ended, REVOKED);
    shown.set(nameOf({ fault: faultName, fate, service }), [
      one.answers(ended).includes('accepted') ? 'accepted a revoked token' : 'refused all along',
      closed ? 'closed until proof' : 'opened without proof',
      'opened',
    ]);
  }
  await stage.closeServices();
}

/** However long nobody proves anything; the start of a service waits three seconds for it. */
async function areClosed(services: WatchedService[], live: SignedIn): Promise<boolean> {
  const outcomes = await Promise.all(services.map((service) => service.outcome(live)));
  return outcomes.every((outcome) => outcome !== 'accepted');
}
