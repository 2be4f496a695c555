import { setTimeout as pause } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.js';
import { onThisMachine } from '../../support/time-limits.js';
import { REVOKED, UNAVAILABLE, VerifyingStage } from './verifying-stage.js';

let stage: VerifyingStage;
beforeAll(async () => {
  stage = await VerifyingStage.start();
  Logger.overrideLogger(false);
}, onThisMachine(90_000));
afterAll(() => stage?.close());

it(
  'a backend that is stopped when Redis goes on, and had no way to tell it of a revocation, opens no service that only verifies',
  async () => {
    const [first, second, live] = [
      await stage.signIn(),
      await stage.signIn(),
      await stage.signIn(),
    ];
    const service = stage.startService();
    await service.becomes(second, 'accepted');
    await stage.redis.pause();
    // So that the backend gives its connection up.
    await stage.revoke(first);
    await pause(1_500);
    await stage.revoke(second);
    await service.becomes(live, UNAVAILABLE);
    service.watch(second);
    stage.stopBackend();
    await stage.redis.resume();
    const late = stage.startService();
    late.watch(second);
    // By the sixth second everything counted again.
    await pause(8_000);
    expect(await service.outcome(live)).toBe(UNAVAILABLE);
    expect(await late.outcome(live)).not.toBe('accepted');
    stage.continueBackend();
    for (const one of [service, late]) {
      await one.becomes(live, 'accepted');
      for (const ended of [first, second]) await one.becomes(ended, REVOKED);
      await eventually(() => expect(one.answers(second)).toContain(REVOKED), { within: 5 });
      expect(one.answers(second)).not.toContain('accepted');
    }
  },
  onThisMachine(60_000),
);
