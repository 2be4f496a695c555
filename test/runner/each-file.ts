import { afterAll, expect, vi } from 'vitest';
import { measureSlowness, onThisMachine } from '../support/time-limits.js';
import { measureCosts } from './costs.js';

// Before each file of tests: the limits of time as the machine needs them now.
const slownessAtStart = Number(process.env.TEST_SLOWNESS_AT_START ?? 1);
process.env.TEST_SLOWNESS = String(Math.max(slownessAtStart, measureSlowness(2)));
const LIMIT_MILLISECONDS = onThisMachine(30_000);
vi.setConfig({ testTimeout: LIMIT_MILLISECONDS, hookTimeout: LIMIT_MILLISECONDS });

afterAll(measureCosts(expect.getState().testPath ?? ''));
