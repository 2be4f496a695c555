import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PASSWORD, signUp } from '../../../builders/accounts.js';
import { eventually } from '../../../support/eventually.js';
import { createStores, type Stores } from '../../../support/stores.js';
import { TcpProxy } from '../../../support/tcp-proxy.js';
import { TestApp } from '../../../support/test-app.js';

const SETTINGS = { DATABASE_STATEMENT_TIMEOUT_SECONDS: '1' };
/** For a process that waits for its turn on a busy machine. */
const NOTICED = { within: 10 };

describe('while a balancer has silently forgotten every connection to Postgres', () => {
  let stores: Stores;
  let way: TcpProxy;
  let app: TestApp;
  beforeAll(async () => {
    stores = await createStores();
    way = await TcpProxy.start(Number(new URL(stores.databaseUrl).port));
    const databaseUrl = Object.assign(new URL(stores.databaseUrl), { port: way.port }).href;
    app = await TestApp.start({ stores: { ...stores, databaseUrl }, env: SETTINGS });
  });
  afterAll(async () => {
    await app?.stop();
    await way?.stop();
    await stores?.drop();
  });

  it('each is given up the first time that an answer is overdue, and the second attempt succeeds', async () => {
    const { email } = await signUp(app);
    const signIn = () =>
      app.api.post('/auth/login', { email, password: PASSWORD, delivery: 'body' });
    const ready = async () => (await app.api.get('/health/ready')).body.status;
    expect([(await signIn()).status, await ready()]).toEqual([200, 'ok']);

    // A connection that nobody has used for a second is not there any more.
    await eventually(async () => {
      await signIn();
      way.forget();
      const { status, body } = await signIn();
      expect([status, body.code]).toEqual([503, 'database.unavailable']);
    }, NOTICED);
    expect((await signIn()).status).toBe(200);
    await eventually(async () => expect(await ready()).toBe('ok'), NOTICED);
  });
});
