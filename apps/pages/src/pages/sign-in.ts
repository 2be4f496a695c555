import { client } from '../client.js';
import { settings } from '../settings.js';
import { button, element, link, paragraph } from '../show/element.js';
import { form } from '../show/form.js';
import { goOnAfterSignIn } from '../show/going-on.js';
import { passwordField } from '../show/password-field.js';
import { showCard, whileShown } from '../show/view.js';
import { takenHints, takenToken } from '../taken-token.js';
import { problemOf } from '../words/problems.js';
import { words } from '../words/words.js';
import { asksForMore, errorFromProvider } from './from-provider.js';
import { showMailSignIn, showMailSignInByLink } from './mail-sign-in.js';
import { offerPasskeys, passkeySignIn } from './passkey-sign-in.js';
import { upgradeAndGoOn } from './passkey-upgrade.js';
import { providerButtons } from './providers.js';
import { asksForSecondFactor } from './second-factor.js';

/** Begins a session, which open pages of the application take up by themselves. */
export async function showSignIn(): Promise<void> {
  const error = errorFromProvider();
  if (error !== null && asksForMore(error, () => showWays(null))) return;
  await showWays(error);
}

async function showWays(error: unknown): Promise<void> {
  const { signIn: say } = words;
  if (takenToken !== null) {
    showMailSignInByLink(takenToken);
    return;
  }
  const byProvider = providerButtons();
  if (!settings.passwordSignIn && settings.emailSignIn && byProvider === null) {
    showMailSignIn();
    return;
  }
  const byPassword = settings.passwordSignIn ? passwordForm() : null;
  const byPasskey = passkeySignIn(byPassword !== null);
  if (byPassword === null && byPasskey === null && byProvider === null) {
    showCard(say.title, paragraph(say.off));
    return;
  }
  const { search } = location;
  const problem = element('div', { role: 'alert', class: 'form-problem' });
  if (error !== null) problem.append(element('p', {}, problemOf(error)));
  showCard(
    say.title,
    problem,
    byPassword,
    byPasskey,
    byProvider,
    element(
      'p',
      { class: 'ways' },
      settings.emailSignIn ? button(words.mailSignIn.offer, 'plain', showMailSignIn) : null,
      settings.recovery ? link(say.forgotten, 'recover') : null,
      settings.emailVerification === 'off' ? null : link(words.verify.title, 'verify'),
      settings.registration ? link(say.toRegister, `register${search}`) : null,
    ),
  );
  const signal = whileShown();
  // Whoever is signed in already has nothing to do here.
  const principal = await client.restore().catch(() => null);
  if (principal !== null) await goOnAfterSignIn();
  else await offerPasskeys(problem, signal);
}

function passwordForm(): HTMLFormElement {
  return form({
    fields: [
      {
        name: 'email',
        label: words.email,
        type: 'email',
        autocomplete: 'username webauthn',
        value: takenHints.get('login_hint') ?? undefined,
      },
      passwordField('password', words.password),
    ],
    submit: words.signIn.submit,
    onSubmit: async ({ email = '', password = '' }) => {
      await client.login(email, password);
      await upgradeAndGoOn();
    },
    onError: asksForSecondFactor,
  });
}
