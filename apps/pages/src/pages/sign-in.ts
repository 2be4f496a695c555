import { client } from '../client.js';
import { settings } from '../settings.js';
import { button, element, link, paragraph } from '../show/element.js';
import { form } from '../show/form.js';
import { goOnAfterSignIn } from '../show/going-on.js';
import { passwordField } from '../show/password-field.js';
import { showCard } from '../show/view.js';
import { takenToken } from '../taken-token.js';
import { words } from '../words/words.js';
import { showMailSignIn, showMailSignInByLink } from './mail-sign-in.js';
import { asksForSecondFactor } from './second-factor.js';

/** Begins a session, which open pages of the application take up by themselves. */
export async function showSignIn(): Promise<void> {
  const { signIn: say } = words;
  if (takenToken !== null) {
    showMailSignInByLink(takenToken);
    return;
  }
  if (!settings.passwordSignIn && settings.emailSignIn) {
    showMailSignIn();
    return;
  }
  if (!settings.passwordSignIn) {
    showCard(say.title, paragraph(say.off));
    return;
  }
  const { search } = location;
  showCard(
    say.title,
    form({
      fields: [
        { name: 'email', label: words.email, type: 'email', autocomplete: 'username' },
        passwordField('password', words.password),
      ],
      submit: say.submit,
      onSubmit: async ({ email = '', password = '' }) => {
        await client.login(email, password);
        goOnAfterSignIn();
      },
      onError: asksForSecondFactor,
    }),
    element(
      'p',
      { class: 'ways' },
      settings.emailSignIn ? button(words.mailSignIn.offer, 'plain', showMailSignIn) : null,
      settings.recovery ? link(say.forgotten, 'recover') : null,
      settings.emailVerification === 'off' ? null : link(words.verify.title, 'verify'),
      settings.registration ? link(say.toRegister, `register${search}`) : null,
    ),
  );
  // Whoever is signed in already has nothing to do here.
  const principal = await client.restore().catch(() => null);
  if (principal !== null) goOnAfterSignIn();
}
