import { client } from '../client.js';
import { showDone } from '../show/done.js';
import { paragraph } from '../show/element.js';
import { form } from '../show/form.js';
import { newPasswordField } from '../show/password-field.js';
import { showCard } from '../show/view.js';
import { takenToken } from '../taken-token.js';
import { words } from '../words/words.js';

/** The first password of an account that an administrator has made, by the link of the mail. */
export function showAcceptInvitation(): void {
  const { invitation: say } = words;
  const token = takenToken;
  if (token === null) {
    showCard(say.title, paragraph(say.noLink));
    return;
  }
  showCard(
    say.title,
    paragraph(say.ask),
    form({
      fields: [
        { name: 'name', label: words.name, type: 'text', autocomplete: 'name', optional: true },
        newPasswordField('newPassword', words.newPassword),
      ],
      submit: say.submit,
      onSubmit: async ({ name = '', newPassword = '' }) => {
        await client.acceptInvitation({ token }, newPassword, name);
        showDone(say.doneTitle, say.done);
      },
    }),
  );
}
