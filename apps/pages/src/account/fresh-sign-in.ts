import { LatchkeyClientError } from '../../../../src/latchkey/published/client/index.js';
import { client } from '../client.js';
import { button, element, paragraph } from '../show/element.js';
import { form } from '../show/form.js';
import { passwordField } from '../show/password-field.js';
import { words } from '../words/words.js';

/**
 * Does something that takes a fresh sign-in: where the last one is too old, its owner says the password,
 * and it is done again.
 *
 * @returns whether it was done
 */
export async function withFreshSignIn(
  email: string,
  work: () => Promise<unknown>,
): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    const isStale =
      error instanceof LatchkeyClientError && error.code === 'auth.fresh_sign_in_required';
    if (!isStale) throw error;
  }
  if (!(await askForPassword(email))) return false;
  await work();
  return true;
}

function askForPassword(email: string): Promise<boolean> {
  const { account: say } = words;
  return new Promise((resolve) => {
    const dialog = element('dialog', { class: 'card', 'aria-labelledby': 'dialog-title' });
    let isFresh = false;
    dialog.append(
      element('h2', { id: 'dialog-title' }, say.freshTitle),
      paragraph(say.freshText),
      form({
        username: email,
        fields: [passwordField('password', words.password)],
        submit: say.goOn,
        about: { 'auth.invalid_credentials': 'password' },
        meaning: { 'auth.invalid_credentials': say.wrongPassword },
        onSubmit: async ({ password = '' }) => {
          await client.stepUp({ method: 'password', password });
          isFresh = true;
          dialog.close();
        },
      }),
      element(
        'p',
        {},
        button(say.cancel, 'plain', () => dialog.close()),
      ),
    );
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(isFresh);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
