import { parseArgs } from 'node:util';
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
import { findUser, validated } from './accounts.commands.js';
import type { Command } from './command.js';
import { type Column, writeList } from './table.js';

const TEXT = { type: 'string' } as const;
const OPTIONS = { user: TEXT, ip: TEXT, json: { type: 'boolean' } } as const;
const WHOM = '(--user <id or address> | --ip <IP address>)';

const COLUMNS: readonly Column<PauseView>[] = [
  { title: 'policy', width: 24, of: ({ policy }) => policy },
  { title: 'seconds', width: 0, of: ({ retryAfterSeconds }) => String(retryAfterSeconds) },
];

const showCommand: Command = {
  name: 'throttle show',
  usage: `${WHOM} [--json]`,
  summary: 'Show what refuses attempts at an account or from an IP address, and for how long yet.',
  async run(args, application) {
    const { values } = parseArgs({ args, options: OPTIONS });
    const context = await countedInRedis(await application());
    const query = await validated(PausedQuery, await named(context, values, 'throttle show'));
    const limits = await context.get(Pauses).list(pausedOf(query));
    await writeList(limits.map(PauseView.of), COLUMNS, values);
  },
};

const liftCommand: Command = {
  name: 'throttle lift',
  usage: `${WHOM} [--reason text] [--json]`,
  summary: 'Let attempts at an account or from an IP address in again. Shows what refused them.',
  async run(args, application) {
    const { values } = parseArgs({ args, options: { ...OPTIONS, reason: TEXT } });
    const context = await countedInRedis(await application());
    const whom = await named(context, values, 'throttle lift');
    const body = await validated(LiftPausesBody, { ...whom, reason: values.reason });
    const limits = await context.get(Pauses).lift(pausedOf(body), OPERATOR, body.reason);
    await writeList(limits.map(PauseView.of), COLUMNS, values);
  },
};

export const throttleCommands: readonly Command[] = [showCommand, liftCommand];

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
  command: string,
): Promise<PausedQuery> {
  if (ip !== undefined && user === undefined) return { ip };
  if (ip !== undefined) throw new StartupError(`Name either --user or --ip: ${command} --help`);
  const { id } = await findUser(context, user === undefined ? [] : [user], `${command} --user`);
  return { userId: id };
}
