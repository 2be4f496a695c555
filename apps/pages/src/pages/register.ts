import { client } from '../client.js';
import { settings } from '../settings.js';
import { element, link, paragraph } from '../show/element.js';
import { form, type Values } from '../show/form.js';
import { goOnAfterSignIn } from '../show/going-on.js';
import { newPasswordField } from '../show/password-field.js';
import { showCard } from '../show/view.js';
import { words } from '../words/words.js';
import { providerButtons } from './providers.js';

/** Makes an account; where its address need not be confirmed first, it is signed in as well. */
export function showRegister(): void {
  const { register: say } = words;
  if (!settings.registration) {
    showCard(say.title, paragraph(say.closed));
    return;
  }
  showCard(
    say.title,
    form({
      fields: [
        { name: 'name', label: words.name, type: 'text', autocomplete: 'name', optional: true },
        { name: 'email', label: words.email, type: 'email', autocomplete: 'username' },
        newPasswordField('password', words.password),
      ],
      submit: say.submit,
      about: { 'users.email_taken': 'email' },
      onSubmit: register,
    }),
    providerButtons(),
    element('p', { class: 'ways' }, link(say.toSignIn, `sign-in${location.search}`)),
  );
}

async function register({ email = '', password = '', name = '' }: Values): Promise<void> {
  await client.register(email, password, name);
  if (settings.emailVerification === 'required') return showSent(email);
  await client.login(email, password);
  await goOnAfterSignIn();
}

function showSent(email: string): void {
  const { register: say, account } = words;
  showCard(
    say.mailTitle,
    paragraph(say.mailText(email)),
    element('p', { class: 'ways' }, link(account.toSignIn, 'sign-in')),
  );
}
