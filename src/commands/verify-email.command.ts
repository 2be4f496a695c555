import { parseArgs } from 'node:util';
import { OPERATOR } from '../audit/operator.js';
import { StartupError } from '../errors/startup-error.js';
import { VerifyEmail } from '../users/verify-email.js';
import type { Command } from './command.js';

export const verifyEmailCommand: Command = {
  name: 'users verify-email',
  usage: '<address>',
  summary:
    'Mark the address of an account as its owner’s: needed where EMAIL_VERIFICATION=required.',
  async run(args, application) {
    const { positionals } = parseArgs({ args, options: {}, allowPositionals: true });
    const [address] = positionals;
    if (address === undefined || positionals.length > 1) {
      throw new StartupError('Name one address: users verify-email ada@example.com');
    }
    const { email, id } = await (await application()).get(VerifyEmail).verify(address, OPERATOR);
    process.stdout.write(`${email} is verified (${id}).\n`);
  },
};
