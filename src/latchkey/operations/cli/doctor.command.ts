import { Mailer } from '../../platform/mail/mailer.js';
import { UnfitAddresses } from '../../users/accounts/unfit-addresses.js';
import { declareCommand } from './command.js';
import { print } from './terminal.js';

export const doctorCommand = declareCommand(
  {
    name: 'doctor',
    summary:
      'List accounts whose stored address would not be accepted today, and try the mail server.',
  },
  async (_, application) => {
    const context = await application();
    let found = 0;
    for await (const { userId, email, problem } of context.get(UnfitAddresses).find()) {
      found += 1;
      print(`${userId}  ${quoted(email)}  ${problem}`);
    }
    print(`${found} accounts have an address that would not be accepted today.`);
    print(await mailReport(context.get(Mailer)));
  },
);

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
