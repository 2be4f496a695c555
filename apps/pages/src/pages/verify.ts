import type { OwnersPassword, Proof } from '../../../../src/latchkey/published/client/index.js';
import { client } from '../client.js';
import { showDone } from '../show/done.js';
import { button, element, link, paragraph } from '../show/element.js';
import type { FieldSpec } from '../show/field.js';
import { form } from '../show/form.js';
import { codeField, newPasswordField, passwordField } from '../show/password-field.js';
import { showCard } from '../show/view.js';
import { takenToken } from '../taken-token.js';
import { words } from '../words/words.js';
import { showMailRequest } from './mail-request.js';

/** Confirms an address by the link of a mail, or by its code, for which the mail is asked here. */
export function showVerify(): void {
  const { verify: say } = words;
  const token = takenToken;
  if (token === null) {
    showRequest();
    return;
  }
  showCard(
    say.title,
    paragraph(say.ask),
    confirmingForm([], () => ({ token })),
    element('p', { class: 'ways' }, button(words.recover.anew, 'plain', showRequest)),
  );
}

function showRequest(): void {
  const { verify: say, account } = words;
  showMailRequest({
    title: say.title,
    ask: say.requestText,
    submit: say.request,
    request: client.requestVerification,
    elsewhere: link(account.toSignIn, 'sign-in'),
    byCode: (_, ticket) => confirmingForm([codeField()], (code) => ({ ticket, code })),
  });
}

function confirmingForm(fields: readonly FieldSpec[], proofOf: (code: string) => Proof) {
  return form({
    fields,
    submit: words.verify.submit,
    about: { 'auth.proof_invalid': 'code' },
    onSubmit: ({ code = '' }) => confirm(proofOf(code)),
    // In another browser than the one that registered: the proof is as good as before.
    onError: ({ code }, values) => {
      if (code !== 'auth.password_needed') return false;
      showNewPassword(proofOf(values.code ?? ''));
      return true;
    },
  });
}

function showNewPassword(proof: Proof): void {
  const { verify: say } = words;
  showCard(
    say.choose,
    paragraph(say.needed),
    form({
      fields: [newPasswordField('newPassword', words.newPassword)],
      submit: say.setAndConfirm,
      onSubmit: ({ newPassword = '' }) => confirm(proof, { newPassword }),
    }),
    element(
      'p',
      { class: 'ways' },
      button(say.know, 'plain', () => showPassword(proof)),
    ),
  );
}

function showPassword(proof: Proof): void {
  const { verify: say } = words;
  showCard(
    say.know,
    form({
      fields: [passwordField('password', words.password)],
      submit: say.submit,
      about: { 'auth.invalid_credentials': 'password' },
      meaning: { 'auth.invalid_credentials': say.wrongPassword },
      onSubmit: ({ password = '' }) => confirm(proof, { password }),
    }),
    element(
      'p',
      { class: 'ways' },
      button(say.choose, 'plain', () => showNewPassword(proof)),
    ),
  );
}

async function confirm(proof: Proof, owners?: OwnersPassword): Promise<void> {
  await client.confirmVerification(proof, owners);
  showDone(words.verify.doneTitle, words.verify.done);
}
