import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { v4 as uuid } from 'uuid';
import { answerParent } from '../processes/answers.js';
import { resourceUsage } from '../servers/resource-usage.js';
import { countStatements, latestStatements, statementCount } from '../servers/statement-log.js';
import { TutorialModule } from './tutorial.module.js';
import { type TutorialKeyKind, TutorialKeys } from './tutorial-keys.js';
import { TutorialTokens } from './tutorial-tokens.js';

countStatements();

const { DATABASE_URL = '', REDIS_URL = '', TUTORIAL_KEYS } = process.env;
const keys = TutorialKeys.of(TUTORIAL_KEYS as TutorialKeyKind);
const module = TutorialModule.with(DATABASE_URL, REDIS_URL, keys);
const app = await NestFactory.create(module, new ExpressAdapter(), { logger: ['error', 'fatal'] });
await app.listen(0, '127.0.0.1');
const tokens = app.get(TutorialTokens, { strict: false });

interface Wanted {
  readonly count: number;
  readonly permissions: string[];
}

function issueTokens({ count, permissions }: Wanted): string[] {
  return Array.from({ length: count }, () => tokens.issue(uuid(), permissions));
}

async function startSessions({ count, permissions }: Wanted) {
  const started = [];
  for (let index = 0; index < count; index++) {
    const refreshToken = await tokens.startSession(permissions);
    started.push({ sessionId: '', refreshToken, accessToken: '' });
  }
  return started;
}

const { port } = app.getHttpServer().address() as AddressInfo;
const usage = () => resourceUsage(statementCount());
answerParent({ usage, issueTokens, startSessions, latestStatements }, `http://127.0.0.1:${port}`);
