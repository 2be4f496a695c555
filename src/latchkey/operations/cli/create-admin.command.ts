import { StartupError } from '../../platform/errors/startup-error.js';
import { readPlainAddress } from '../../platform/http/validation/email-address.js';
import { CreateAdmin, HOW_TO_ENROL } from '../../users/accounts/create-admin.js';
import { declareCommand } from './command.js';
import { askSecret, print } from './terminal.js';
import { required, text } from './values.js';

export const createAdminCommand = declareCommand(
  {
    name: 'create-admin',
    summary:
      'Create an account with the role admin. Asks for the password, or reads it from a pipe.',
    options: { email: required(text('address', 'Whose account it is.')) },
    examples: ['create-admin --email root@example.com'],
  },
  async ({ email }, application) => {
    if (readPlainAddress(email) === null) {
      throw new StartupError(`${email} is not an e-mail address.`);
    }
    const password = await askSecret(`Password for ${email}: `);
    const admin = await (await application()).get(CreateAdmin).create(email, password);
    print(`${admin.email} is an admin now (${admin.id}).`);
    print(HOW_TO_ENROL);
  },
);
