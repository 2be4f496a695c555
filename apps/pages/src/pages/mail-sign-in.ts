import type { Proof } from '../../../../src/latchkey/published/client/index.js';
import { client } from '../client.js';
import { settings } from '../settings.js';
import { button, element, link, paragraph } from '../show/element.js';
import { form } from '../show/form.js';
import { goOnAfterSignIn } from '../show/going-on.js';
import { codeField } from '../show/password-field.js';
import { showCard, whileShown } from '../show/view.js';
import { words } from '../words/words.js';
import { showMailRequest } from './mail-request.js';
import { offerPasskeys, passkeySignIn } from './passkey-sign-in.js';
import { asksForSecondFactor } from './second-factor.js';

/** Signing in by link or code: both are good in the browser that asked, and in no other. */
export function showMailSignIn(): void {
  const { mailSignIn: say, recover, signIn } = words;
  const problem = element('div', { role: 'alert', class: 'form-problem' });
  const byPasskey = passkeySignIn(true);
  showMailRequest({
    title: say.title,
    also: byPasskey && element('div', { class: 'chooser' }, problem, byPasskey),
    autocomplete: 'username webauthn',
    ask: say.ask,
    submit: recover.request,
    request: client.requestEmailSignIn,
    elsewhere: settings.passwordSignIn ? link(say.byPassword, `sign-in${location.search}`) : null,
    byCode: (_, ticket) =>
      form({
        fields: [codeField()],
        submit: signIn.submit,
        about: { 'auth.proof_invalid': 'code' },
        onSubmit: ({ code = '' }) => signInBy({ ticket, code }),
        onError: asksForSecondFactor,
      }),
  });
  void offerPasskeys(problem, whileShown());
}

export function showMailSignInByLink(token: string): void {
  const { mailSignIn: say, signIn, recover } = words;
  showCard(
    say.linkTitle,
    paragraph(say.linkAsk),
    form({
      fields: [],
      submit: signIn.submit,
      onSubmit: () => signInBy({ token }),
      onError: asksForSecondFactor,
    }),
    element('p', { class: 'ways' }, button(recover.anew, 'plain', showMailSignIn)),
  );
}

async function signInBy(proof: Proof): Promise<void> {
  await client.completeEmailSignIn(proof);
  await goOnAfterSignIn();
}
