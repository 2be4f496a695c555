import http from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { signUp } from '../../../builders/accounts.js';
import { ApiClient } from '../../../support/api-client.js';
import { statusOf } from '../../../support/guarded-traffic.js';
import { freshDirectory, ServiceProcess } from '../../../support/service-process.js';
import { Stalls } from '../../../support/stalls.js';
import { createStores, type Stores } from '../../../support/stores.js';
import { CHEAP_ENOUGH_FOR_TESTS } from '../../../support/test-app.js';
import { repeated } from '../../../support/test-depth.js';
import { onThisMachine } from '../../../support/time-limits.js';

/** Windows without and with the flood take turns, so that what else the machine does meets both. */
const TURNS = repeated({ quick: 2, full: 10 });
const WINDOW_MILLISECONDS = 300;
const CONNECTIONS = 6;
/** Of each connection: some 163 KiB a second from all of them, the rate that once sufficed. */
const BETWEEN_REQUESTS_MILLISECONDS = 280;
/** What a scheduler adds on a machine whose processors are all busy. */
const SLACK_MILLISECONDS = 20;
/** What else the machine does can only slow a round down: one that is quick enough says so. */
const MAX_ROUNDS = 8;

let stores: Stores;
let directory: Awaited<ReturnType<typeof freshDirectory>>;
let service: ServiceProcess;
let token: string;
const agent = new http.Agent({ keepAlive: true });
const stalls = new Stalls();
beforeAll(async () => {
  [stores, directory] = await Promise.all([createStores(), freshDirectory()]);
  service = await ServiceProcess.serve(directory.path, {
    ...CHEAP_ENOUGH_FOR_TESTS,
    DATABASE_URL: stores.databaseUrl,
  });
  token = (await signUp({ api: new ApiClient(service.origin) })).accessToken;
}, onThisMachine(120_000));
afterAll(async () => {
  agent.destroy();
  stalls.stop();
  await service?.destroy();
  await directory?.remove();
  await stores?.drop();
});

/** How long guarded GETs take, one after the other, for the length of a window. */
async function guardedMilliseconds(): Promise<number[]> {
  const times: number[] = [];
  const endsAt = performance.now() + WINDOW_MILLISECONDS;
  while (performance.now() < endsAt) {
    const stopwatch = stalls.stopwatch();
    expect(await statusOf(service.origin, token, agent)).toBe(200);
    times.push(stopwatch());
    await pause(2);
  }
  return times;
}

async function whileFlooded<T>(flood: () => Promise<unknown>, work: () => Promise<T>): Promise<T> {
  let flooding = true;
  const connections = Array.from({ length: CONNECTIONS }, async (_, index) => {
    await pause((index * BETWEEN_REQUESTS_MILLISECONDS) / CONNECTIONS);
    while (flooding) {
      await Promise.all([flood(), pause(BETWEEN_REQUESTS_MILLISECONDS)]);
    }
  });
  const result = await work();
  flooding = false;
  await Promise.all(connections);
  return result;
}

/** Answers are let pass unread: it is not this process whose time is measured. */
const send = (method: string, path: string, body = '', type = 'application/json') =>
  new Promise<void>((resolve) => {
    const headers = body === '' ? {} : { 'Content-Type': type };
    const request = http.request(service.origin + path, { method, headers }, (answer) => {
      answer.resume().on('close', resolve);
    });
    request.on('error', () => resolve()).end(body);
  });
const post = (path: string, body: string, type?: string) => () => send('POST', path, body, type);
const get = (path: string) => () => send('GET', path);

const percentile = (values: readonly number[], part: number) =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length * part)] ?? 0;

it.each([
  ['lists of ones', post('/auth/login', `[${'1,'.repeat(32_000)}1]`)],
  ['small lists of ones', post('/auth/login', `[${'1,'.repeat(4_000)}1]`)],
  ['lists in lists', post('/auth/login', '['.repeat(4_000) + ']'.repeat(4_000))],
  [
    'unknown fields',
    post('/auth/register', `{${Array.from({ length: 120 }, (_, n) => `"${n}":1`).join()}}`),
  ],
  ['parameters', post('/oauth/token', '&a'.repeat(8_000), 'application/x-www-form-urlencoded')],
  ['readers of the description', get('/openapi.yaml')],
  ['readers of metrics', get('/metrics')],
])(
  'a flood of %s leaves guarded GETs as quick as they are',
  async (_, flood) => {
    await flood();
    const rounds: string[] = [];
    while (rounds.length < MAX_ROUNDS) {
      const { idle, flooded } = await measure(flood);
      if (flooded < 2 * idle + SLACK_MILLISECONDS) return;
      rounds.push(`${Math.round(idle)} ms idle, ${Math.round(flooded)} ms flooded`);
    }
    expect(rounds).toEqual([]);
  },
  onThisMachine(60_000),
);

/** The 99th percentiles of guarded GETs. */
async function measure(flood: () => Promise<unknown>) {
  const idle: number[] = [];
  const flooded: number[] = [];
  for (let turn = 0; turn < TURNS; turn++) {
    idle.push(...(await guardedMilliseconds()));
    flooded.push(...(await whileFlooded(flood, guardedMilliseconds)));
  }
  return { idle: percentile(idle, 0.99), flooded: percentile(flooded, 0.99) };
}
