import { spawnSync } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { constants, getPriority } from 'node:os';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PASSWORD, type SignedIn, signIn, signUp } from '../../../builders/accounts.js';
import { eventually } from '../../../support/eventually.js';
import { findChildren } from '../../../support/process-tree.js';
import { refusalOf, refused } from '../../../support/refusal.js';
import { ServedProcess } from '../../../support/served-process.js';
import { createStores, type Stores } from '../../../support/stores.js';
import { sampled } from '../../../support/test-depth.js';

const SECRET = 'a secret of the application that hashing has no use for 0123456789';
/** What Linux calls the policy of whoever runs when nobody else wants to. */
const SCHED_IDLE = 5;

let stores: Stores;
let service: ServedProcess;
let user: SignedIn;
/** The process that has just hashed a password. */
let hashing: number;

const start = () =>
  ServedProcess.start(stores, {
    APP_SECRETS: SECRET,
    HASHING_PRIORITY: 'lowest',
    LOG_LEVEL: 'error',
  });

beforeAll(async () => {
  stores = await createStores();
  service = await start();
  user = await signUp(service);
});
beforeEach(async () => {
  await signIn(service.api, user.email);
  hashing = await findHashing(service);
});
afterAll(async () => {
  await service?.kill();
  await stores?.drop();
});

async function findHashing({ pid: parent }: ServedProcess): Promise<number> {
  const [pid, ...others] = await findChildren(parent);
  if (pid === undefined || others.length > 0) throw new Error('There is no single child process.');
  return pid;
}

const hasEnded = (pid: number) =>
  eventually(() => expect(() => process.kill(pid, 0)).toThrow('ESRCH'), { within: 10 });

const login = () =>
  service.api.post('/auth/login', { email: user.email, password: PASSWORD, delivery: 'body' });

describe('the process that hashes', () => {
  it('gives way to every other one on the processors, with each of its threads', async () => {
    const priorities = (await threadsOf(hashing)).map((thread) => getPriority(thread));
    expect(new Set(priorities)).toEqual(new Set([constants.priority.PRIORITY_LOW]));
  });

  it('does so at once where Linux lets it', async () => {
    const canIdle = spawnSync('chrt', ['-a', '-p', '1']).status === 0;
    const policies = (await threadsOf(hashing)).map(schedulingPolicyOf);
    expect(new Set(await Promise.all(policies))).toEqual(new Set([canIdle ? SCHED_IDLE : 0]));
  });

  it('is told no secret of the application and no address of a store', async () => {
    const told = (await environmentOf(service.pid)).split('\0');
    expect(told).toContain(`APP_SECRETS=${SECRET}`);
    expect(await environmentOf(hashing)).not.toMatch(
      /APP_SECRETS|DATABASE_URL|REDIS_URL|0123456789/,
    );
  });

  it('holds up nothing but sign-ins when it stands still, and is replaced when it is killed', async () => {
    process.kill(hashing, 'SIGSTOP');
    const inHand = [login(), login()];
    const me = await service.api.get('/auth/me', { token: user.accessToken });
    const refreshed = await service.api.post('/auth/refresh', { refreshToken: user.refreshToken });
    expect([me.status, refreshed.status]).toEqual([200, 200]);

    process.kill(hashing, 'SIGKILL');
    const answers = await Promise.all(inHand);
    const lost = answers.filter(({ status }) => status !== 200);
    expect(lost.map(refusalOf)).toContainEqual(refused(503, 'auth.busy'));
    expect(lost[0]?.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);

    expect((await signIn(service.api, user.email)).userId).toBe(user.userId);
    expect(await findHashing(service)).not.toBe(hashing);
    const logged = service.log.split('\n').filter((line) => line.includes('"level":50'));
    expect(logged).toEqual([expect.stringContaining('ended by SIGKILL')]);
  });

  it('goes on while the service finishes what it has in hand, though both are told to stop', async () => {
    process.kill(hashing, 'SIGSTOP');
    process.kill(hashing, 'SIGTERM');
    process.kill(hashing, 'SIGINT');
    const inHand = login();
    process.kill(hashing, 'SIGCONT');
    expect((await inHand).status).toBe(200);
    expect(await findHashing(service)).toBe(hashing);
  });

  // The last: it ends the service of all of them.
  it.each(
    sampled(
      [
        ['SIGTERM', start],
        ['SIGKILL', async () => service],
      ] as const,
      { oneIn: 2, turn: 1 },
    ),
  )('ends with a service that gets %s', async (signal, serviceToEnd) => {
    const doomed = await serviceToEnd();
    await signIn(doomed.api, user.email);
    const itsHashing = await findHashing(doomed);
    await doomed.stop(signal);
    await hasEnded(itsHashing);
    await doomed.kill();
  });
});

/** Where threads have no priority of their own, the process stands for them. */
async function threadsOf(pid: number): Promise<number[]> {
  if (process.platform !== 'linux') return [pid];
  return (await readdir(`/proc/${pid}/task`)).map(Number);
}

/** Of Linux alone: the forty-first field of its `stat`. Elsewhere there is one policy. */
async function schedulingPolicyOf(thread: number): Promise<number> {
  if (process.platform !== 'linux') return 0;
  const stat = await readFile(`/proc/${thread}/stat`, 'utf8');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[38]);
}

async function environmentOf(pid: number): Promise<string> {
  if (process.platform === 'linux') return readFile(`/proc/${pid}/environ`, 'utf8');
  const { stdout } = spawnSync('ps', ['-E', '-ww', '-o', 'command=', '-p', String(pid)]);
  return String(stdout).replaceAll(' ', '\0');
}
