import type { Profile } from '../../../../src/latchkey/published/client/index.js';
import { client } from '../client.js';
import { settings } from '../settings.js';
import { element, link, paragraph } from '../show/element.js';
import { form } from '../show/form.js';
import { newPasswordField, passwordField } from '../show/password-field.js';
import { statusLine } from '../show/view.js';
import { words } from '../words/words.js';
import { withFreshSignIn } from './fresh-sign-in.js';
import { section } from './section.js';

/** Another password, by the present one. */
export function passwordSection({ email }: Profile): HTMLElement | null {
  const { account: say, signIn } = words;
  if (!settings.passwordSignIn) return null;
  const status = statusLine();
  const fields = form({
    username: email,
    fields: [
      passwordField('currentPassword', say.currentPassword),
      newPasswordField('newPassword', words.newPassword),
    ],
    submit: say.changePassword,
    about: { 'auth.invalid_credentials': 'currentPassword' },
    meaning: { 'auth.invalid_credentials': say.wrongPassword },
    // Of an account with a second factor it takes a fresh one (docs/step-up.md).
    onSubmit: async ({ currentPassword = '', newPassword = '' }) => {
      status.textContent = '';
      await withFreshSignIn(email, async () => {
        await client.changePassword(currentPassword, newPassword);
        fields.reset();
        status.textContent = say.passwordChanged;
      });
    },
  });
  const text = paragraph(say.passwordText);
  const showNone = () => {
    text.textContent = say.noPassword;
    fields.remove();
  };
  client
    .listFactors()
    .then(({ hasPassword }) => hasPassword || showNone())
    .catch(() => undefined);
  return section(
    say.password,
    text,
    fields,
    status,
    settings.recovery ? element('p', { class: 'ways' }, link(signIn.forgotten, 'recover')) : null,
  );
}
