import { parseArgs } from 'node:util';
import { OPERATOR } from '../../audit/actor.js';
import { OwnFactors } from '../../auth/factors/own-factors.js';
import { ResetFactors } from '../../auth/factors/reset-factors.js';
import { StartupError } from '../../platform/errors/startup-error.js';
import { printable } from '../../platform/http/validation/plain-text.js';
import type { FactorSummary } from '../../users/factors/factor-store.js';
import { findUser } from './accounts.commands.js';
import type { Command } from './command.js';
import { print } from './terminal.js';

export const userFactorsCommand: Command = {
  name: 'users factors',
  usage: '<id or address> [--remove [--reason text]]',
  summary:
    'List the second factors and passkeys of an account. --remove takes all of them from an owner who has lost theirs, and ends the sessions.',
  async run(args, application) {
    const options = { remove: { type: 'boolean' }, reason: { type: 'string' } } as const;
    const { positionals, values } = parseArgs({ args, options, allowPositionals: true });
    if (values.reason !== undefined && !values.remove) {
      throw new StartupError('--reason says why factors are removed: give it with --remove.');
    }
    const context = await application();
    const { id, email } = await findUser(context, positionals, 'users factors');
    const factors = await context.get(OwnFactors).list(id);
    for (const factor of factors) print(factorLine(factor));
    if (!values.remove) return;
    await context.get(ResetFactors).reset(id, OPERATOR, values.reason);
    print(`${email} has no second factor any more (${id}).`);
  },
};

function factorLine({ id, kind, name, createdAt, left }: FactorSummary): string {
  const facts = [id, kind.padEnd(14), createdAt.toISOString()];
  if (left !== null) facts.push(`${left} left`);
  if (name !== null) facts.push(printable(name));
  return facts.join('  ');
}
