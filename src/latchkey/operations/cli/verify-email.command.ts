import { OPERATOR } from '../../audit/actor.js';
import { usersErrors } from '../../users/accounts/users.errors.js';
import { Users } from '../../users/accounts/users.js';
import { VerifyEmail } from '../../users/accounts/verify-email.js';
import { OPERATOR_LANE } from '../../users/passwords/hashing/password-check.js';
import { declareCommand } from './command.js';
import { askSecret, print } from './terminal.js';
import { argument, flag } from './values.js';

export const verifyEmailCommand = declareCommand(
  {
    name: 'users verify-email',
    summary:
      'Mark the address of an account as verified and set a new password, which it asks for or reads from a pipe: somebody else may have registered the address.',
    arguments: { address: argument('address', 'Of the account.') },
    options: { keepPassword: flag('The owner registered it: the password stays.') },
  },
  async ({ address, keepPassword }, application) => {
    const context = await application();
    const account = await context.get(Users).findForSignIn(address);
    if (account === null) throw usersErrors.notFound();
    if (account.emailVerified) {
      print(`${account.email} was verified already (${account.id}).`);
      return;
    }
    const password = keepPassword
      ? 'keep'
      : { replaceBy: await askSecret(`New password for ${address}: `), lane: OPERATOR_LANE };
    const { email, id } = await context.get(VerifyEmail).verify(address, OPERATOR, password);
    print(`${email} is verified (${id}).`);
  },
);
