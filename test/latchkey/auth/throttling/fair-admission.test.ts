import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { laneOf } from '../../../../src/latchkey/auth/throttling/lane-of.js';
import { PASSWORD, type SignedIn, signUp, uniqueEmail } from '../../../builders/accounts.js';
import { populate } from '../../../builders/people.js';
import { headersOf } from '../../../builders/places.js';
import type { Answer } from '../../../support/api-client.js';
import { eventually } from '../../../support/eventually.js';
import { ServedProcess } from '../../../support/served-process.js';
import { createStores, type Stores } from '../../../support/stores.js';
import { onThisMachine } from '../../../support/time-limits.js';
import { retryAfterOf, somewhere, THROTTLED, trySignIn } from './guesses.js';

const ADDRESSES = ['192.0.2.1', '198.51.100.1', '203.0.113.1'] as const;
const ACCOUNTS = 30;
const IN_HAND = 240;
/** As dear as in production, on one processor. In whose turn the hashes are made is what counts. */
const SETTINGS = {
  ...THROTTLED,
  HASHING_CONCURRENCY: '1',
  HASHING_QUEUE: '',
  ARGON2_MEMORY_KIB: '',
  ARGON2_TIME_COST: '',
};

let stores: Stores;
let service: ServedProcess;
let owner: SignedIn;
/** Passwords of the crowd that have been found right. */
let served = 0;
let crowding = true;

beforeAll(async () => {
  stores = await createStores();
  service = await ServedProcess.start(stores, SETTINGS);
  owner = await signUp(service);
  const emails = await populate({ api: service.api, stores }, ACCOUNTS);
  for (let number = 0; number < IN_HAND; number += 1) {
    const email = emails[number % ACCOUNTS] ?? '';
    const ip = ADDRESSES[number % ADDRESSES.length] ?? '';
    void crowd(email, ip).catch(() => undefined);
  }
  await eventually(() => expect(served).toBeGreaterThan(10), { within: 20 });
}, onThisMachine(90_000));
afterAll(async () => {
  crowding = false;
  await service?.kill();
  await stores?.drop();
});

async function crowd(email: string, ip: string): Promise<void> {
  while (crowding) {
    const answer = await trySignIn(service.api, { email, ip });
    if (answer.status === 200) served += 1;
    else await pause(retryAfterOf(answer) * 1_000);
  }
}

/** How many of the crowd have their turn from when a request is sent to when it is answered. */
async function turnsOfOthers(request: () => Promise<Answer>, status: number): Promise<number> {
  const before = served;
  expect((await request()).status).toBe(status);
  return served - before;
}

it.each<[string, number, number, () => Promise<Answer>]>([
  [
    'a stranger signs in',
    12,
    200,
    () => trySignIn(service.api, { email: owner.email, ip: somewhere() }),
  ],
  [
    'somebody at one of these addresses signs in',
    100,
    200,
    () => trySignIn(service.api, { email: owner.email, ip: ADDRESSES[0] }),
  ],
  [
    'a stranger registers',
    12,
    201,
    () =>
      service.api.post(
        '/auth/register',
        { email: uniqueEmail(), password: PASSWORD },
        { headers: headersOf({ ip: somewhere() }) },
      ),
  ],
  [
    'somebody at one of these addresses who is signed in changes the password',
    12,
    200,
    () =>
      service.api.post(
        '/auth/password/change',
        { currentPassword: PASSWORD, newPassword: 'a crooked mile on a rainy day' },
        { token: owner.accessToken, headers: headersOf({ ip: ADDRESSES[0] }) },
      ),
  ],
])(
  `while three addresses keep ${IN_HAND} right passwords in hand, %s before %i of them`,
  async (_, turns, status, request) => {
    expect(await turnsOfOthers(request, status)).toBeLessThan(turns);
  },
);

it.each([
  ['an IPv4 address', '192.0.2.1', ['192.0.2.1', '192.0.2.1']],
  ['the same, mapped into IPv6', '::ffff:192.0.2.1', ['192.0.2.1', '192.0.2.1']],
  ['an IPv6 address', '2001:db8:1:2::1', ['2001:db8:1::/48', '2001:db8:1:2::/64']],
  ['one with zeros in it', '2001:db8::1', ['2001:db8:0::/48', '2001:db8:0:0::/64']],
])('%s waits in the turn of its site, its block and its account', (_, address, steps) => {
  expect(laneOf('stranger', address, 'ada')).toEqual(['stranger', ...steps, 'ada']);
});
