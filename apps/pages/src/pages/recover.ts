import type { Proof } from '../../../../src/latchkey/published/client/index.js';
import { client } from '../client.js';
import { showDone } from '../show/done.js';
import { button, element, link, paragraph } from '../show/element.js';
import { form } from '../show/form.js';
import { codeField, newPasswordField } from '../show/password-field.js';
import { showCard } from '../show/view.js';
import { takenToken } from '../taken-token.js';
import { words } from '../words/words.js';
import { showMailRequest } from './mail-request.js';

/** A new password by the link of a mail, or by its code, for which the mail is asked here. */
export function showRecover(): void {
  if (takenToken === null) showRequest();
  else showByLink(takenToken);
}

function showRequest(): void {
  const { recover: say, account } = words;
  showMailRequest({
    title: say.title,
    ask: say.ask,
    submit: say.request,
    request: client.requestRecovery,
    elsewhere: link(account.toSignIn, 'sign-in'),
    byCode: (email, ticket) =>
      form({
        fields: [codeField(), newPasswordField('newPassword', words.newPassword)],
        submit: say.submit,
        username: email,
        about: { 'auth.proof_invalid': 'code' },
        onSubmit: ({ code = '', newPassword = '' }) => complete({ ticket, code }, newPassword),
      }),
  });
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
