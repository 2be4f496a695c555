import { parseArgs } from 'node:util';
import { UnfitAddresses } from '../../users/accounts/unfit-addresses.js';
import type { Command } from './command.js';
import { print } from './print.js';

export const doctorCommand: Command = {
  name: 'doctor',
  usage: '',
  summary: 'List what is stored and would not be accepted today: accounts by their addresses.',
  async run(args, application) {
    parseArgs({ args, options: {} });
    let found = 0;
    for await (const { userId, email, problem } of (await application())
      .get(UnfitAddresses)
      .find()) {
      found += 1;
      print(`${userId}  ${quoted(email)}  ${problem}`);
    }
    print(`${found} accounts have an address that would not be accepted today.`);
  },
};

/** Shows what cannot be seen, too: how else would one address differ from another. */
function quoted(text: string): string {
  const escaped = text.replace(
    /[^\p{L}\p{N}\p{P}\p{S} ]|\p{Default_Ignorable_Code_Point}/gu,
    (char) => `\\u{${char.codePointAt(0)?.toString(16)}}`,
  );
  return `"${escaped}"`;
}
