import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { createApp } from '../../src/latchkey/boot/create-app.js';
import { loadConfig } from '../../src/latchkey/platform/config/load-config.js';
import { DatabaseLocation } from '../../src/latchkey/platform/database/database-location.js';
import { AccessTokens } from '../../src/latchkey/tokens/access-tokens/access-tokens.js';
import { PASSWORD } from '../../src/latchkey/tokens/assurance/factor.js';
import { Sessions } from '../../src/latchkey/tokens/sessions/sessions.js';
import { answerParent } from '../processes/answers.js';
import { BenchModule } from './bench.module.js';
import { resourceUsage } from './resource-usage.js';
import { countStatements, latestStatements, statementCount } from './statement-log.js';

countStatements();

const config = loadConfig({ PORT: '0', ...process.env });
const location = new DatabaseLocation(process.env.DATABASE_URL ?? '');
const app = await createApp(BenchModule, config, location);
await app.listen(0, '127.0.0.1');

const dataSource = app.get(DataSource, { strict: false });
const accessTokens = app.get(AccessTokens, { strict: false });
const sessions = app.get(Sessions, { strict: false });

const ACTOR = {
  userId: null,
  sessionId: null,
  ip: '127.0.0.1',
  userAgent: null,
  requestId: 'bench',
};
const METHODS = ['pwd'];

async function issue(permissions: string[], session: { id: string; userId: string }) {
  const seenLiveAtMilliseconds = Date.now();
  const subject = {
    ...session,
    clientId: 'latchkey',
    authTime: seenLiveAtMilliseconds / 1000,
    amr: METHODS,
    acr: 'aal1' as const,
    grant: null,
    data: {},
    version: 0,
    seenLiveAtMilliseconds,
  };
  const versions = { userVersion: 1, rolesVersion: 1 };
  const held = { roles: ['user'], permissions, demanding: [] };
  const facts = { userId: session.userId, ...held, ...versions };
  return (await accessTokens.issue(subject, facts, dataSource.manager)).accessToken;
}

/** Tokens of as many sessions, of which the database knows nothing. */
async function issueTokens(input: { count: number; permissions: string[] }): Promise<string[]> {
  const tokens: string[] = [];
  while (tokens.length < input.count) {
    tokens.push(await issue(input.permissions, { id: uuidv7(), userId: uuidv7() }));
  }
  return tokens;
}

/** Real sessions of as many new users. */
async function startSessions(input: { count: number; permissions: string[] }) {
  const started = [];
  for (let index = 0; index < input.count; index++) {
    const userId = uuidv7();
    await dataSource.query('INSERT INTO users (id, email, email_key) VALUES ($1, $2, $2)', [
      userId,
      `${userId}@example.com`,
    ]);
    await dataSource.query(`INSERT INTO user_roles (user_id, role_name) VALUES ($1, 'user')`, [
      userId,
    ]);
    const { session, refreshToken } = await sessions.start(dataSource.manager, {
      userId,
      factors: [PASSWORD.shown()],
      actor: ACTOR,
    });
    const accessToken = await issue(input.permissions, { id: session.id, userId });
    started.push({ sessionId: session.id, refreshToken, accessToken });
  }
  return started;
}

const { port } = app.getHttpServer().address() as AddressInfo;
const usage = () => resourceUsage(statementCount());
answerParent({ usage, issueTokens, startSessions, latestStatements }, `http://127.0.0.1:${port}`);
