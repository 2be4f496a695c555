import { OPERATOR } from '../../audit/actor.js';
import { OwnFactors } from '../../auth/factors/own-factors.js';
import { ResetFactors } from '../../auth/factors/reset-factors.js';
import { StartupError } from '../../platform/errors/startup-error.js';
import type { FactorSummary } from '../../users/factors/factor-store.js';
import { ACCOUNT, findUser } from './account.js';
import { declareCommand } from './command.js';
import { type Column, JSON_LINES, writeList } from './table.js';
import { print } from './terminal.js';
import { flag, text } from './values.js';

export const userFactorsCommand = declareCommand(
  {
    name: 'users factors',
    summary: 'List the second factors and passkeys of an account, or remove them.',
    arguments: { account: ACCOUNT },
    options: {
      remove: flag('Take all of them from an owner who has lost theirs, and end the sessions.'),
      reason: text('text', 'Why they are removed, for the audit trail.'),
      json: JSON_LINES,
    },
    examples: ['users factors ada@example.com --remove --reason "Lost phone and recovery codes."'],
  },
  async ({ account, remove, reason, json }, application) => {
    if (reason !== undefined && !remove) {
      throw new StartupError('--reason says why factors are removed: give it with --remove.');
    }
    const context = await application();
    const { id, email } = await findUser(context, account);
    await writeList(await context.get(OwnFactors).list(id), FACTOR_COLUMNS, { json });
    if (!remove) return;
    await context.get(ResetFactors).reset(id, OPERATOR, reason);
    print(`${email} has no second factor any more (${id}).`);
  },
);

const FACTOR_COLUMNS: readonly Column<FactorSummary>[] = [
  { title: 'id', width: 36, of: ({ id }) => id },
  { title: 'kind', width: 14, of: ({ kind }) => kind },
  { title: 'since', width: 24, of: ({ createdAt }) => createdAt.toISOString() },
  { title: 'left', width: 7, of: ({ left }) => (left === null ? '' : `${left} left`) },
  { title: 'name', width: 0, of: ({ name }) => name ?? '' },
];
