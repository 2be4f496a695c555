import { parseArgs } from 'node:util';
import { UnfitAddresses } from '../users/unfit-addresses.js';
import type { Command } from './command.js';

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
      process.stdout.write(`${userId}  ${printable(email)}  ${problem}\n`);
    }
    process.stdout.write(`${found} accounts have an address that would not be accepted today.\n`);
  },
};

/** Shows what cannot be seen, and lets nothing act on the terminal. */
function printable(text: string): string {
  const escaped = text.replace(
    /[^\p{L}\p{N}\p{P}\p{S} ]|\p{Default_Ignorable_Code_Point}/gu,
    (char) => `\\u{${char.codePointAt(0)?.toString(16)}}`,
  );
  return `"${escaped}"`;
}
