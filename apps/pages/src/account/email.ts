import type { Profile } from '../../../../src/latchkey/published/client/index.js';
import { client } from '../client.js';
import { settings } from '../settings.js';
import { showDone } from '../show/done.js';
import { paragraph } from '../show/element.js';
import { form } from '../show/form.js';
import { codeField } from '../show/password-field.js';
import { words } from '../words/words.js';
import { withFreshSignIn } from './fresh-sign-in.js';
import { section } from './section.js';

/** Another address, which its mailbox has to confirm. */
export function emailSection({ email }: Profile): HTMLElement | null {
  if (!settings.emailChange) return null;
  const { account: say } = words;
  const asking = form({
    fields: [{ name: 'newEmail', label: say.newEmail, type: 'email', autocomplete: 'email' }],
    submit: say.changeEmail,
    onSubmit: async ({ newEmail = '' }) => {
      await withFreshSignIn(email, async () => {
        const { ticket } = await client.requestEmailChange(newEmail);
        const confirming = confirmingForm(ticket);
        asking.replaceWith(paragraph(say.emailSent(newEmail)), confirming);
        confirming.querySelector('input')?.focus();
      });
    },
  });
  return section(say.changeEmail, paragraph(say.changeEmailText), asking);
}

function confirmingForm(ticket: string): HTMLFormElement {
  const { verify, emailChange: say } = words;
  return form({
    fields: [codeField()],
    submit: verify.submit,
    about: { 'auth.proof_invalid': 'code' },
    onSubmit: async ({ code = '' }) => {
      await client.confirmEmailChange({ ticket, code });
      showDone(say.doneTitle, say.done, { text: words.account.title, page: 'account' });
    },
  });
}
