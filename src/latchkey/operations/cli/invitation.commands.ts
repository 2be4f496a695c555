import { OPERATOR } from '../../audit/actor.js';
import { InviteUserBody } from '../../auth/invitation/invitation.dto.js';
import { InviteUser } from '../../auth/invitation/invite-user.js';
import { RecoverAccount } from '../../auth/recovery/recover-account.js';
import { ACCOUNT, findUser } from './account.js';
import { declareCommand } from './command.js';
import { print } from './terminal.js';
import { validated } from './validated.js';
import { argument, flag, text, texts } from './values.js';

const inviteCommand = declareCommand(
  {
    name: 'users invite',
    summary: 'Make an account without a password, and mail its owner an invitation.',
    arguments: { email: argument('address', 'Whom to invite.') },
    options: {
      name: text('text', 'What they are called.'),
      role: texts('name', 'A role that the account is to hold.'),
      locale: text('language', 'The language of its mails: de, say.'),
      takeOver: flag('Also where somebody has registered the address and not proved it.'),
    },
    examples: ['users invite ada@example.com --role user --role editor'],
  },
  async ({ email, name, role: roles, locale, takeOver }, application) => {
    const body = await validated(InviteUserBody, {
      email,
      ...(name !== undefined && { name }),
      ...(roles !== undefined && { roles }),
      ...(locale !== undefined && { locale }),
      ...(takeOver && { takeOver }),
    });
    const user = await (await application()).get(InviteUser).invite(body, OPERATOR, '');
    print(`${user.email} is invited (${user.id}).`);
  },
);

const recoverCommand = declareCommand(
  {
    name: 'users recover',
    summary: 'Mail the owner of an account a link to set a new password.',
    arguments: { account: ACCOUNT },
  },
  async ({ account }, application) => {
    const context = await application();
    const { id, email } = await findUser(context, account);
    await context.get(RecoverAccount).start(id, OPERATOR, '');
    print(`A mail to ${email} is on its way (${id}).`);
  },
);

export const invitationCommands = [inviteCommand, recoverCommand];
