import { once } from 'node:events';
import http from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PASSWORD, type SignedIn, signUp } from '../../builders/accounts.js';
import { eventually } from '../../support/eventually.js';
import { findProgram } from '../../support/find-program.js';
import { GuardedTraffic, statusOf } from '../../support/guarded-traffic.js';
import { NginxBalancer } from '../../support/nginx-balancer.js';
import { ServedProcess } from '../../support/served-process.js';
import { StandInBalancer } from '../../support/stand-in-balancer.js';
import { createStores, type Stores } from '../../support/stores.js';
import { isFullDepth } from '../../support/test-depth.js';
import { onThisMachine } from '../../support/time-limits.js';

const SETTINGS = { SHUTDOWN_DELAY_SECONDS: '1' };
/** The delay, the last request, and some time on a busy machine. Nothing waits for a connection. */
const GONE_MILLISECONDS = 15_000;
const nginx = findProgram('nginx');

let stores: Stores;
let session: SignedIn;
beforeAll(async () => {
  stores = await createStores();
});
afterAll(() => stores.drop());

/** As the image does it. */
const COMMAND = ['bin/latchkey.mjs', 'serve'];

async function serve(env: Record<string, string> = {}): Promise<ServedProcess> {
  return ServedProcess.start(stores, { ...SETTINGS, ...env }, isFullDepth() ? COMMAND : undefined);
}

/** Sends it a signal, and sees that it has gone in time. */
async function leave(service: ServedProcess): Promise<void> {
  const startedAt = performance.now();
  const { exitCode, errors } = await service.stop('SIGTERM');
  expect({ exitCode, errors }).toEqual({ exitCode: 0, errors: '' });
  expect(performance.now() - startedAt).toBeLessThan(GONE_MILLISECONDS);
}

describe('a process that is told to leave', () => {
  it(
    'is not ready, serves on whoever comes, closes with each answer, and is gone in time',
    async () => {
      const service = await serve({ SHUTDOWN_DELAY_SECONDS: '3' });
      session = await signUp(service);
      const agent = new http.Agent({ keepAlive: true });
      expect(await statusOf(service.origin, session.accessToken, agent)).toBe(200);
      const silent = connect(Number(service.port), '127.0.0.1');
      silent.on('error', () => undefined);
      await once(silent, 'connect');

      const gone = leave(service);
      const ready = await eventually(
        async () => {
          const answer = await service.api.get('/health/ready');
          expect(answer.status).toBe(503);
          return answer;
        },
        { within: 5 },
      );
      expect(ready.body).toEqual({ status: 'shutting_down', info: {}, error: {}, details: {} });
      const token = session.accessToken;
      const { status, headers } = await service.api.get('/auth/me', { token });
      expect([status, headers.get('connection')]).toEqual([200, 'close']);
      const login = { email: session.email, password: PASSWORD, delivery: 'body' };
      expect((await service.api.post('/auth/login', login)).status).toBe(200);
      expect((await service.api.post('/auth/logout', undefined, { token })).status).toBe(204);
      expect(await statusOf(service.origin, token, agent)).toBe(401);
      const late = connect(Number(service.port), '127.0.0.1');
      late.write('GET /health/live HTTP/1.1\r\nHost: latchkey.test\r\n\r\n');
      expect(await text(late)).toMatch(/^HTTP\/1\.1 200 /);
      await gone;
      agent.destroy();
      await service.kill();
    },
    onThisMachine(60_000),
  );

  it(
    'ends at once when it is told a second time',
    async () => {
      const service = await serve({ SHUTDOWN_DELAY_SECONDS: '300' });
      const first = service.stop('SIGTERM');
      await eventually(
        async () => expect((await service.api.get('/health/ready')).status).toBe(503),
        { within: 5 },
      );
      // Whatever follows at once is the same Ctrl-C, passed on by npm.
      const again = setInterval(() => void service.stop('SIGTERM'), 200);
      expect((await first).exitCode).toBe(143);
      clearInterval(again);
      await service.kill();
    },
    onThisMachine(60_000),
  );
});

describe(`two instances behind ${nginx === null ? 'a stand-in, since nginx is not installed' : 'nginx'}`, () => {
  it(
    'are started again one after the other, and no request is lost',
    async () => {
      const instances = await Promise.all([serve(), serve()]);
      const origins = instances.map(({ origin }) => origin);
      const balancer =
        nginx === null
          ? await StandInBalancer.start(origins)
          : await NginxBalancer.start(nginx, origins);
      session = await signUp(instances[0] as ServedProcess);
      const traffic = new GuardedTraffic([balancer.origin, balancer.origin], {
        acceptedMilliseconds: 0,
        requestMilliseconds: GONE_MILLISECONDS,
      });
      traffic.accept(session.accessToken);
      traffic.start();
      const signIns = new SignIns(balancer.origin, session.email);
      const idle = new http.Agent({ keepAlive: true });
      for (const [index, instance] of instances.entries()) {
        expect(await statusOf(instance.origin, session.accessToken, idle)).toBe(200);
        await leave(instance);
        instances[index] = await serve({ PORT: instance.port });
        await instance.kill();
      }
      const { count } = traffic;
      await eventually(() => expect(traffic.count).toBeGreaterThan(count + 20), { within: 10 });
      await traffic.stop();
      const statuses = await signIns.stop();
      expect(statuses.length).toBeGreaterThan(10);
      expect(statuses.filter((status) => status !== 200)).toEqual([]);
      expect(traffic.violations()).toEqual([]);
      idle.destroy();
      await balancer.stop();
      await Promise.all(instances.map((instance) => instance.kill()));
    },
    onThisMachine(120_000),
  );
});

const BETWEEN_SIGN_INS_MILLISECONDS = 20;

/** Somebody who signs in again and again. */
class SignIns {
  private running = true;
  private readonly statuses: (number | string)[] = [];
  private readonly loop: Promise<void>;

  constructor(
    private readonly origin: string,
    private readonly email: string,
  ) {
    this.loop = this.signInOnAndOn();
  }

  async stop(): Promise<readonly (number | string)[]> {
    this.running = false;
    await this.loop;
    return this.statuses;
  }

  private async signInOnAndOn(): Promise<void> {
    const body = JSON.stringify({ email: this.email, password: PASSWORD, delivery: 'body' });
    const headers = { 'Content-Type': 'application/json' };
    while (this.running) {
      const answer = fetch(`${this.origin}/auth/login`, { method: 'POST', headers, body });
      this.statuses.push(
        await answer.then(
          async (response) => {
            await response.arrayBuffer();
            return response.status;
          },
          (error) => String(error),
        ),
      );
      await pause(BETWEEN_SIGN_INS_MILLISECONDS);
    }
  }
}
