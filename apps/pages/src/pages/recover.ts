import type { Proof } from '../../../../src/latchkey/published/client/index.js';
import { client } from '../client.js';
import { showDone } from '../show/done.js';
import { button, element, link, paragraph } from '../show/element.js';
import { form } from '../show/form.js';
import { codeField, newPasswordField } from '../show/password-field.js';
import { showCard } from '../show/view.js';
import { takenToken } from '../taken-token.js';
import { durationOf } from '../words/duration.js';
import { words } from '../words/words.js';

/** A new password by the link of a mail, or by its code, for which the mail is asked here. */
export function showRecover(): void {
  if (takenToken === null) showRequest();
  else showByLink(takenToken);
}

function showRequest(): void {
  const { recover: say, account } = words;
  showCard(
    say.title,
    paragraph(say.ask),
    form({
      fields: [{ name: 'email', label: words.email, type: 'email', autocomplete: 'username' }],
      submit: say.request,
      onSubmit: async ({ email = '' }) => {
        const { ticket, expiresIn } = await client.requestRecovery(email);
        showByCode(email, ticket, durationOf(expiresIn));
      },
    }),
    element('p', { class: 'ways' }, link(account.toSignIn, 'sign-in')),
  );
}

function showByCode(email: string, ticket: string, howLong: string): void {
  const { recover: say } = words;
  showCard(
    say.sentTitle,
    paragraph(say.sent(email, howLong)),
    form({
      fields: [codeField(), newPasswordField('newPassword', words.newPassword)],
      submit: say.submit,
      username: email,
      about: { 'auth.proof_invalid': 'code' },
      onSubmit: ({ code = '', newPassword = '' }) => complete({ ticket, code }, newPassword),
    }),
    element('p', { class: 'ways' }, button(say.again, 'plain', showRequest)),
  );
}

function showByLink(token: string): void {
  const { recover: say } = words;
  showCard(
    say.chooseTitle,
    paragraph(say.choose),
    form({
      fields: [newPasswordField('newPassword', words.newPassword)],
      submit: say.submit,
      onSubmit: ({ newPassword = '' }) => complete({ token }, newPassword),
    }),
    element('p', { class: 'ways' }, button(say.anew, 'plain', showRequest)),
  );
}

async function complete(proof: Proof, newPassword: string): Promise<void> {
  await client.completeRecovery(proof, newPassword);
  showDone(words.recover.doneTitle, words.recover.done);
}
