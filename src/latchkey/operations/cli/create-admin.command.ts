import { parseArgs } from 'node:util';
import { StartupError } from '../../platform/errors/startup-error.js';
import { readPlainAddress } from '../../platform/http/validation/plain-address.js';
import { CreateAdmin } from '../../users/accounts/create-admin.js';
import { askSecret } from './ask-secret.js';
import type { Command } from './command.js';
import { print } from './print.js';

export const createAdminCommand: Command = {
  name: 'create-admin',
  usage: '--email ada@example.com',
  summary: 'Make an account with the role admin. Asks for the password; or pipe it in.',
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
  },
};
