import type { INestApplicationContext } from '@nestjs/common';
import { OPERATOR } from '../../audit/actor.js';
import {
  LiftPausesBody,
  PausedQuery,
  PauseView,
  pausedOf,
} from '../../auth/throttling/pauses/pauses.dto.js';
import { Pauses } from '../../auth/throttling/pauses/pauses.js';
import { StartupError } from '../../platform/errors/startup-error.js';
import { RedisConnections } from '../../platform/redis/redis-connections.js';
import { findUser } from './account.js';
import { declareCommand } from './command.js';
import { type Column, JSON_LINES, writeList } from './table.js';
import { validated } from './validated.js';
import { text } from './values.js';

const OPTIONS = {
  user: text('account', 'At this account: its id, or its address.'),
  ip: text('address', 'From this IP address, whoever it is shared by.'),
  json: JSON_LINES,
} as const;

const COLUMNS: readonly Column<PauseView>[] = [
  { title: 'policy', width: 24, of: ({ policy }) => policy },
  { title: 'seconds', width: 0, of: ({ retryAfterSeconds }) => String(retryAfterSeconds) },
];

const showCommand = declareCommand(
  {
    name: 'throttle show',
    summary:
      'Show what refuses attempts at an account or from an IP address, and for how long yet.',
    options: OPTIONS,
    examples: ['throttle show --user ada@example.com', 'throttle show --ip 203.0.113.7'],
  },
  async ({ json, ...whom }, application) => {
    const context = await countedInRedis(await application());
    const query = await validated(PausedQuery, await named(context, whom));
    const limits = await context.get(Pauses).list(pausedOf(query));
    await writeList(limits.map(PauseView.of), COLUMNS, { json });
  },
);

const liftCommand = declareCommand(
  {
    name: 'throttle lift',
    summary: 'Let attempts at an account or from an IP address in again. Shows what refused them.',
    options: { ...OPTIONS, reason: text('text', 'Why, for the audit trail.') },
    examples: ['throttle lift --user ada@example.com --reason "It is she who calls."'],
  },
  async ({ json, reason, ...whom }, application) => {
    const context = await countedInRedis(await application());
    const body = await validated(LiftPausesBody, { ...(await named(context, whom)), reason });
    const limits = await context.get(Pauses).lift(pausedOf(body), OPERATOR, body.reason);
    await writeList(limits.map(PauseView.of), COLUMNS, { json });
  },
);

export const throttleCommands = [showCommand, liftCommand];

/** @throws StartupError where the counts are in the memory of other processes, which nobody can read */
async function countedInRedis(context: INestApplicationContext): Promise<INestApplicationContext> {
  const redis = context.get(RedisConnections);
  if (redis.enabled && redis.command().status === 'ready') return context;
  throw new StartupError(
    redis.enabled
      ? 'Redis does not answer, and what is counted is there.'
      : 'Without REDIS_URL each process counts for itself: ask the running one, GET /admin/throttle.',
  );
}

async function named(
  context: INestApplicationContext,
  { user, ip }: { readonly user?: string; readonly ip?: string },
): Promise<PausedQuery> {
  if ((user === undefined) === (ip === undefined)) {
    throw new StartupError('Name an account or an IP address: --user ada@example.com, or --ip.');
  }
  return user === undefined ? { ip } : { userId: (await findUser(context, user)).id };
}
