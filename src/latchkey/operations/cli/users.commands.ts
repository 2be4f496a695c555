import { parseArgs } from 'node:util';
import { OPERATOR } from '../../audit/actor.js';
import { StartupError } from '../../platform/errors/startup-error.js';
import { readPlainAddress } from '../../platform/http/validation/email-address.js';
import { Mailer } from '../../platform/mail/mailer.js';
import { CreateAdmin, HOW_TO_ENROL } from '../../users/accounts/create-admin.js';
import { UnfitAddresses } from '../../users/accounts/unfit-addresses.js';
import { usersErrors } from '../../users/accounts/users.errors.js';
import { Users } from '../../users/accounts/users.js';
import { VerifyEmail } from '../../users/accounts/verify-email.js';
import { OPERATOR_LANE } from '../../users/passwords/hashing/password-check.js';
import type { Command } from './command.js';
import { askSecret, print } from './terminal.js';

export const createAdminCommand: Command = {
  name: 'create-admin',
  usage: '--email ada@example.com',
  summary: 'Create an account with the role admin. Asks for the password, or reads it from a pipe.',
  async run(args, application) {
    const { values } = parseArgs({ args, options: { email: { type: 'string' } } });
    if (values.email === undefined) {
      throw new StartupError('Say whose account it is: create-admin --email ada@example.com');
    }
    if (readPlainAddress(values.email) === null) {
      throw new StartupError(`${values.email} is not an e-mail address.`);
    }
    const password = await askSecret(`Password for ${values.email}: `);
    const admin = await (await application()).get(CreateAdmin).create(values.email, password);
    print(`${admin.email} is an admin now (${admin.id}).`);
    print(HOW_TO_ENROL);
  },
};

export const verifyEmailCommand: Command = {
  name: 'users verify-email',
  usage: '<address> [--keep-password]',
  summary:
    'Mark the address of an account as verified and set a new password, which it asks for or reads from a pipe: somebody else may have registered the address. --keep-password: the owner did.',
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

export const doctorCommand: Command = {
  name: 'doctor',
  usage: '',
  summary:
    'List accounts whose stored address would not be accepted today, and try the mail server.',
  async run(args, application) {
    parseArgs({ args, options: {} });
    const context = await application();
    let found = 0;
    for await (const { userId, email, problem } of context.get(UnfitAddresses).find()) {
      found += 1;
      print(`${userId}  ${quoted(email)}  ${problem}`);
    }
    print(`${found} accounts have an address that would not be accepted today.`);
    print(await mailReport(context.get(Mailer)));
  },
};

async function mailReport(mailer: Mailer): Promise<string> {
  if (!mailer.sends) return 'No mail is sent: MAIL_URL is not set.';
  return mailer.verify().then(
    () => 'The mail server of MAIL_URL takes mail.',
    (error: Error) => `The mail server of MAIL_URL cannot be used: ${error.message}`,
  );
}

/** Shows what cannot be seen, too: how else would one address differ from another. */
function quoted(text: string): string {
  const escaped = text.replace(
    /[^\p{L}\p{N}\p{P}\p{S} ]|\p{Default_Ignorable_Code_Point}/gu,
    (char) => `\\u{${char.codePointAt(0)?.toString(16)}}`,
  );
  return `"${escaped}"`;
}
