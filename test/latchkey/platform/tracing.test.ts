import { AsyncLocalStorage } from 'node:async_hooks';
import {
  type Context,
  type ContextManager,
  context,
  ROOT_CONTEXT,
  type Span,
  type SpanOptions,
  trace,
} from '@opentelemetry/api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PASSWORD, signIn, signUp, signUpAdmin } from '../../builders/accounts.js';
import { eventually } from '../../support/eventually.js';
import { startTestApp, TestApp } from '../../support/test-app.js';

/** A span as an SDK would have it. */
interface SpanRecord {
  readonly name: string;
  readonly parent: string | undefined;
  readonly attributes: Record<string, unknown>;
  ended: boolean;
}

const spans: SpanRecord[] = [];

/** As much of an SDK as it takes to see what it would be told. */
function startSdk(): void {
  const storage = new AsyncLocalStorage<Context>();
  const manager = {
    active: () => storage.getStore() ?? ROOT_CONTEXT,
    with: (active: Context, work: (...args: unknown[]) => unknown, self: unknown, ...args: []) =>
      storage.run(active, () => work.apply(self, args)),
    bind: (_: Context, target: unknown) => target,
    enable: () => manager,
    disable: () => manager,
  };
  context.setGlobalContextManager(manager as unknown as ContextManager);
  const begin = (name: string, { attributes = {} }: SpanOptions = {}) => {
    const parent = trace.getSpan(context.active()) as unknown as
      | { record?: SpanRecord }
      | undefined;
    const record = {
      name,
      parent: parent?.record?.name,
      attributes: { ...attributes },
      ended: false,
    };
    spans.push(record);
    return {
      record,
      spanContext: () => ({ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 1 }),
      setAttribute: (key: string, value: unknown) =>
        Object.assign(record.attributes, { [key]: value }),
      setStatus: ({ code }: { code: number }) => Object.assign(record.attributes, { status: code }),
      end: () => Object.assign(record, { ended: true }),
    } as unknown as Span;
  };
  const tracer = { startSpan: begin } as unknown as ReturnType<typeof trace.getTracer>;
  trace.setGlobalTracerProvider({ getTracer: () => tracer });
}

/** What is told while something is done. */
async function during(act: () => Promise<unknown>): Promise<SpanRecord[]> {
  const before = spans.length;
  await act();
  return spans.slice(before);
}

const named = (told: readonly SpanRecord[], name: string) =>
  told.filter((span) => span.name === name);

describe('where an SDK of OpenTelemetry has been started', () => {
  let app: Awaited<ReturnType<typeof startTestApp>>;
  let other: TestApp;
  beforeAll(async () => {
    startSdk();
    app = await startTestApp({ THROTTLING: 'on' });
    other = await TestApp.start({ stores: app.stores, env: { OUTBOX_WORKER: 'off' } });
  });
  afterAll(async () => {
    await other?.stop();
    await app?.[Symbol.asyncDispose]();
    trace.disable();
    context.disable();
  });

  it('it is told what a sign-in waits for: its turn, the hash, Postgres and Redis, and no value of anybody', async () => {
    const { email } = await signUp(app);
    const told = await during(() => signIn(app.api, email));
    for (const name of ['wait for hashing', 'hash', 'SELECT', 'INSERT', 'COMMIT'])
      expect(named(told, name), name).not.toEqual([]);
    expect(told.some(({ attributes }) => attributes['db.system.name'] === 'redis')).toBe(true);
    await eventually(() => expect(told.filter(({ ended }) => !ended)).toEqual([]), { within: 5 });
    const text = JSON.stringify(told);
    for (const value of [email, PASSWORD]) expect(text).not.toContain(value);
  });

  it('it is told which error ended the wait, by its code', async () => {
    const query = app.stores.query.bind(app.stores);
    await query('ALTER TABLE users RENAME TO moved_away');
    const told = await during(() =>
      app.api.post('/auth/login', { email: 'ada@example.com', password: PASSWORD }),
    );
    await query('ALTER TABLE moved_away RENAME TO users');
    expect(told).toContainEqual(
      expect.objectContaining({
        name: 'SELECT',
        attributes: expect.objectContaining({ 'error.type': '42P01', status: 2 }),
      }),
    );
  });

  it('it is told of revocations that come from other instances', async () => {
    const { userId } = await signUp(app);
    const { accessToken: token } = await signUpAdmin(app);
    const told = await during(async () => {
      await other.api.delete(`/admin/users/${userId}/sessions`, { token });
      await eventually(() => expect(named(spans, 'revocations from the stream')).not.toEqual([]), {
        within: 5,
      });
    });
    expect(named(told, 'revocations from the stream')[0]).toMatchObject({
      attributes: { 'latchkey.revocations': expect.any(Number) },
      ended: true,
    });
    await eventually(() => expect(named(spans, 'revocations from the log')).not.toEqual([]), {
      within: 10,
    });
    expect(spans.some(({ parent }) => parent === 'revocations from the log')).toBe(true);
  });
});
