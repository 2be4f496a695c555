import { EventEmitter2 } from '@nestjs/event-emitter';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AuditTrail } from '../../../src/latchkey/audit/audit-trail.js';
import type { AnnouncedEvent } from '../../../src/latchkey/audit/recorded-event.js';
import { signUp } from '../../builders/accounts.js';
import { startTestApp } from '../../support/test-app.js';

const OPERATOR = {
  userId: null,
  sessionId: null,
  ip: '127.0.0.1',
  userAgent: null,
  requestId: 'a test',
};

describe('listeners of the extending team', () => {
  let app: Awaited<ReturnType<typeof startTestApp>>;
  const heard: AnnouncedEvent[] = [];

  beforeAll(async () => {
    app = await startTestApp();
    const emitter = app.nest.get(EventEmitter2, { strict: false });
    for (const action of ['user.registered', 'key.created']) {
      emitter.on(action, (event: AnnouncedEvent) => heard.push(event));
    }
  });
  afterAll(async () => app[Symbol.asyncDispose]());

  it('hear of a change under the name of its action, once it is committed', async () => {
    const { userId } = await signUp(app);
    expect(heard).toContainEqual(
      expect.objectContaining({ action: 'user.registered', target: { type: 'user', id: userId } }),
    );
  });

  it('hear nothing of a change that is rolled back', async () => {
    const trail = app.nest.get(AuditTrail, { strict: false });
    const rolledBack = app.nest.get(DataSource).transaction(async (manager) => {
      await trail.record(manager, { action: 'key.created', actor: OPERATOR });
      throw new Error('changed my mind');
    });
    await expect(rolledBack).rejects.toThrow('changed my mind');
    expect(heard.filter(({ action }) => action === 'key.created')).toEqual([]);
  });
});
