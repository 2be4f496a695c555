import type { MailedCode } from '../../../../../src/latchkey/published/client/index.js';
import { client } from '../../client.js';
import { askInDialog } from '../../show/dialog.js';
import { paragraph } from '../../show/element.js';
import { form } from '../../show/form.js';
import { codeField } from '../../show/password-field.js';
import { words } from '../../words/words.js';

/**
 * Adds a factor. The first one takes a code of the account's mailbox, which its owner is asked for: whoever has
 * stolen a password has none.
 *
 * @returns whether it was added
 */
export async function withMailProof(
  email: string,
  add: (proof?: MailedCode) => Promise<unknown>,
): Promise<boolean> {
  if (!(await client.listFactors()).proofNeeded) {
    await add();
    return true;
  }
  const { ticket } = await client.requestFactorProof();
  const { factors: say, account } = words;
  return askInDialog(account.freshTitle, ({ done }) => [
    paragraph(say.mailProof(email)),
    form({
      fields: [codeField()],
      submit: account.goOn,
      about: { 'auth.proof_invalid': 'code' },
      onSubmit: async ({ code = '' }) => {
        await add({ ticket, code });
        done();
      },
    }),
  ]);
}
