/** Whatever is told of an end is told at least once, whenever the process is killed (`SIGKILL`) that was to tell it. */
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { claimsOf } from '../../../builders/access-tokens.js';
import { PASSWORD, type SignedIn, signIn } from '../../../builders/accounts.js';
import {
  type App,
  type AtBrowser,
  registerApp,
  signInAtApp,
  signUpAtBrowser,
} from '../../../builders/apps.js';
import { postForm } from '../../../builders/clients.js';
import { age } from '../../../builders/sessions.js';
import { eventually } from '../../../support/eventually.js';
import { LogoutReceiver } from '../../../support/logout-receiver.js';
import { ServedProcess } from '../../../support/served-process.js';
import { createStores, type Stores } from '../../../support/stores.js';
import { sampled } from '../../../support/test-depth.js';
import { onThisMachine } from '../../../support/time-limits.js';

const IDLE_SECONDS = 604_800;
const SETTINGS = {
  SINGLE_SIGN_ON: 'on',
  BOOTSTRAP_ADMIN_EMAIL: 'admin@example.com',
  BOOTSTRAP_ADMIN_PASSWORD: PASSWORD,
};
/** Says what is to be told, and leaves the telling to others. */
const TELLS_NOTHING = { OUTBOX_WORKER: 'off' };

let stores: Stores;
let receiver: LogoutReceiver;
const running = new Set<ServedProcess>();
/** Of the moment before, where it is still there. */
let heir: ServedProcess | undefined;
beforeAll(async () => {
  [stores, receiver] = await Promise.all([createStores(), LogoutReceiver.start()]);
});
afterAll(async () => {
  await Promise.all([...running].map(kill));
  await receiver?.stop();
  await stores?.drop();
});
beforeEach(() => {
  receiver.answer = () => ({ status: 200 });
});
afterEach(async () => {
  await Promise.all([...running].filter((one) => one !== heir).map(kill));
});

/** Who is to be killed: whoever took over last, as a start costs more than all the rest. */
async function doom(): Promise<ServedProcess> {
  const doomed = heir ?? (await start());
  heir = undefined;
  return doomed;
}

/** One that is to be killed and leaves the telling to others, of whom there is none yet. */
async function doomSilent(): Promise<ServedProcess> {
  if (heir !== undefined) await kill(heir);
  heir = undefined;
  return start(TELLS_NOTHING);
}

async function takeOver(): Promise<ServedProcess> {
  heir = await start();
  return heir;
}

async function start(env: Record<string, string> = {}): Promise<ServedProcess> {
  const service = await ServedProcess.start(stores, { ...SETTINGS, ...env });
  running.add(service);
  return service;
}

async function kill(service: ServedProcess): Promise<void> {
  running.delete(service);
  await service.kill();
}

interface Held {
  readonly admin: SignedIn;
  readonly person: AtBrowser;
  readonly shop: App;
  readonly path: string;
  readonly sid: string;
  readonly refreshToken: string;
}

let apps = 0;
/** Somebody signs in at an app that is to be told. */
async function begin({ api }: ServedProcess): Promise<Held> {
  apps += 1;
  const path = `/logout/${apps}`;
  const admin = await signIn(api, SETTINGS.BOOTSTRAP_ADMIN_EMAIL);
  const shop = await registerApp(api, admin, { backchannelLogoutUri: receiver.uri(path) });
  const person = await signUpAtBrowser({ api });
  const { idToken, refreshToken } = await signInAtApp(api, shop, person);
  return { admin, person, shop, path, sid: String(claimsOf(idToken).sid), refreshToken };
}

const signOut = ({ api }: ServedProcess, { person: { accessToken: token } }: Held) =>
  api.post('/auth/logout', undefined, { token });

const states = async ({ shop }: Held) => {
  const rows = await stores.query<{ state: string }>(
    `SELECT state FROM outbox WHERE kind = 'backchannel-logout' AND payload->>'clientId' = $1`,
    [shop.id],
  );
  return rows.map(({ state }) => state);
};

/** What the app has been told by the end: of its session, how often, and by how many tokens of their own. */
async function toldBy(next: ServedProcess, held: Held) {
  await eventually(async () => expect(await states(held)).toEqual(['delivered']), { within: 20 });
  const { sid } = await receiver.next(next.origin, held.path, held.shop.id);
  const ids = receiver.at(held.path).map(({ token }) => claimsOf(token).jti);
  return { sid, times: ids.length, ids: new Set(ids).size };
}

/** The hold of whoever was killed is over. */
const holdIsOver = () =>
  stores.query(`UPDATE outbox SET due_at = clock_timestamp() WHERE state = 'waiting'`);

/** Keeps a row to itself, which whoever wants it waits for. */
async function lock(sql: string, value: string): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: stores.databaseUrl });
  await client.connect();
  await client.query('BEGIN');
  const { rowCount } = await client.query(`${sql} FOR UPDATE`, [value]);
  if (rowCount !== 1) throw new Error(`There are ${rowCount} such rows.`);
  return () => client.end();
}

const somebodyWaits = () =>
  eventually(
    async () => {
      const waiting = await stores.query(
        `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      expect(waiting).not.toEqual([]);
    },
    { within: 10 },
  );

const MOMENTS: readonly [moment: string, show: () => Promise<void>][] = [
  [
    'killed before the end is committed: nothing has ended, and nothing is told',
    async () => {
      const doomed = await doom();
      const held = await begin(doomed);
      const unlock = await lock('SELECT FROM pending_logouts WHERE session_id = $1', held.sid);
      const answer = signOut(doomed, held).then(
        () => 'answered',
        () => 'cut off',
      );
      await somebodyWaits();
      await kill(doomed);
      expect(await answer).toBe('cut off');
      await unlock();

      const next = await takeOver();
      const { id, secret = '' } = held.shop;
      const form = { grant_type: 'refresh_token', refresh_token: held.refreshToken };
      const refreshed = await postForm(next.api, '/oauth/token', form, { id, secret });
      expect(refreshed.status).toBe(200);
      expect(await states(held)).toEqual([]);
      expect((await signOut(next, held)).status).toBe(204);
      expect(await toldBy(next, held)).toEqual({ sid: held.sid, times: 1, ids: 1 });
    },
  ],

  [
    'killed between the end and its telling: the next one tells it, once',
    async () => {
      const doomed = await doomSilent();
      const held = await begin(doomed);
      expect((await signOut(doomed, held)).status).toBe(204);
      await kill(doomed);
      expect(await states(held)).toEqual(['waiting']);

      const next = await takeOver();
      expect(await toldBy(next, held)).toEqual({ sid: held.sid, times: 1, ids: 1 });
    },
  ],

  [
    'killed between an emergency stop and the telling: the next one tells each app',
    async () => {
      const doomed = await doomSilent();
      const all = [await begin(doomed), await begin(doomed)];
      const token = all[1]?.admin.accessToken;
      const body = { filter: { all: true }, reason: 'a test' };
      expect((await doomed.api.post('/admin/sessions/revoke', body, { token })).status).toBe(200);
      await kill(doomed);
      for (const held of all) expect(await states(held)).toEqual([]);

      const next = await takeOver();
      for (const held of all) {
        expect(await toldBy(next, held)).toEqual({ sid: held.sid, times: 1, ids: 1 });
      }
    },
  ],

  [
    'killed while the app has not answered: it is told again, by the same jti',
    async () => {
      const doomed = await doom();
      const held = await begin(doomed);
      receiver.answer = () => 'never';
      await signOut(doomed, held);
      await eventually(() => expect(receiver.at(held.path)).toHaveLength(1), { within: 10 });
      await kill(doomed);
      receiver.answer = () => ({ status: 200 });

      const next = await takeOver();
      await holdIsOver();
      expect(await toldBy(next, held)).toEqual({ sid: held.sid, times: 2, ids: 1 });
    },
  ],

  [
    'killed between the answer of the app and its being noted: it is told again, by the same jti',
    async () => {
      const doomed = await doom();
      const held = await begin(doomed);
      let unlock = async (): Promise<void> => undefined;
      receiver.answer = async () => {
        unlock = await lock(`SELECT FROM outbox WHERE payload->>'sessionId' = $1`, held.sid);
        return { status: 200 };
      };
      await signOut(doomed, held);
      await somebodyWaits();
      await kill(doomed);
      // What the killed one had asked for may still be done when the row is free: it must not.
      await stores.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      await unlock();
      receiver.answer = () => ({ status: 200 });
      expect(await states(held)).toEqual(['waiting']);

      const next = await takeOver();
      await holdIsOver();
      expect(await toldBy(next, held)).toEqual({ sid: held.sid, times: 2, ids: 1 });
    },
  ],

  [
    'killed before the session has run out: the next one finds that it has, and tells it',
    async () => {
      const doomed = await doom();
      const held = await begin(doomed);
      await kill(doomed);
      await age(stores, held.sid, IDLE_SECONDS + 1);
      await stores.query(
        'UPDATE pending_logouts SET look_at = look_at - make_interval(secs => $2) WHERE session_id = $1',
        [held.sid, IDLE_SECONDS + 1],
      );

      const next = await takeOver();
      expect(await toldBy(next, held)).toEqual({ sid: held.sid, times: 1, ids: 1 });
    },
  ],
];

it.each(sampled(MOMENTS, { oneIn: 3 }))('%s', (_, show) => show(), onThisMachine(90_000));
