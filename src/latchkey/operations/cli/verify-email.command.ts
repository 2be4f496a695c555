import { parseArgs } from 'node:util';
import { OPERATOR } from '../../audit/actor.js';
import { StartupError } from '../../platform/errors/startup-error.js';
import { usersErrors } from '../../users/accounts/users.errors.js';
import { Users } from '../../users/accounts/users.js';
import { VerifyEmail } from '../../users/accounts/verify-email.js';
import { OPERATOR_LANE } from '../../users/passwords/hashing/password-check.js';
import { askSecret } from './ask-secret.js';
import type { Command } from './command.js';
import { print } from './print.js';

export const verifyEmailCommand: Command = {
  name: 'users verify-email',
  usage: '<address> [--keep-password]',
  summary:
    'Mark the address of an account as its owner’s, and give it the password that it asks for (or pipe it in): whoever registered it may be somebody else. --keep-password: it was the owner.',
  async run(args, application) {
    const { positionals, values } = parseArgs({
      args,
      options: { 'keep-password': { type: 'boolean' } },
      allowPositionals: true,
    });
    const [address] = positionals;
    if (address === undefined || positionals.length > 1) {
      throw new StartupError('Name one address: users verify-email ada@example.com');
    }
    const context = await application();
    const account = await context.get(Users).findForSignIn(address);
    if (account === null) throw usersErrors.notFound();
    if (account.emailVerified) {
      print(`${account.email} was verified already (${account.id}).`);
      return;
    }
    const password = values['keep-password']
      ? 'keep'
      : { replaceBy: await askSecret(`New password for ${address}: `), lane: OPERATOR_LANE };
    const { email, id } = await context.get(VerifyEmail).verify(address, OPERATOR, password);
    print(`${email} is verified (${id}).`);
  },
};
