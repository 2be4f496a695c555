import { parseArgs } from 'node:util';
import { OPERATOR } from '../../audit/actor.js';
import { InviteUserBody } from '../../auth/invitation/invitation.dto.js';
import { InviteUser } from '../../auth/invitation/invite-user.js';
import { RecoverAccount } from '../../auth/recovery/recover-account.js';
import { StartupError } from '../../platform/errors/startup-error.js';
import { findUser, validated } from './accounts.commands.js';
import type { Command } from './command.js';
import { print } from './terminal.js';

const TEXT = { type: 'string' } as const;

const inviteCommand: Command = {
  name: 'users invite',
  usage: '<address> [--name text] [--role name]… [--locale de] [--take-over]',
  summary: 'Make an account without a password, and mail its owner an invitation.',
  async run(args, application) {
    const options = {
      name: TEXT,
      role: { type: 'string', multiple: true },
      locale: TEXT,
      'take-over': { type: 'boolean' },
    } as const;
    const { positionals, values } = parseArgs({ args, options, allowPositionals: true });
    const [email] = positionals;
    if (email === undefined || positionals.length > 1)
      throw new StartupError('Name one address: users invite ada@example.com');
    const { name, role: roles, locale } = values;
    const body = await validated(InviteUserBody, {
      email,
      ...(name !== undefined && { name }),
      ...(roles !== undefined && { roles }),
      ...(locale !== undefined && { locale }),
      ...(values['take-over'] === true && { takeOver: true }),
    });
    const user = await (await application()).get(InviteUser).invite(body, OPERATOR, '');
    print(`${user.email} is invited (${user.id}).`);
  },
};

const recoverCommand: Command = {
  name: 'users recover',
  usage: '<id or address>',
  summary: 'Mail the owner of an account a link to set a new password.',
  async run(args, application) {
    const { positionals } = parseArgs({ args, options: {}, allowPositionals: true });
    const context = await application();
    const { id, email } = await findUser(context, positionals, 'users recover');
    await context.get(RecoverAccount).start(id, OPERATOR, '');
    print(`A mail to ${email} is on its way (${id}).`);
  },
};

export const invitationCommands: readonly Command[] = [inviteCommand, recoverCommand];
