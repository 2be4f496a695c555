import { LatchkeyClientError } from '../../../../src/latchkey/published/client/index.js';
import { client } from '../client.js';
import { button, element, paragraph } from '../show/element.js';
import { type FormSpec, form } from '../show/form.js';
import { passwordField } from '../show/password-field.js';
import { words } from '../words/words.js';

/** The password, and then a second factor, of a session that is older than it. */
const MOST_FACTORS = 2;

/**
 * Does something that takes a fresh sign-in: where the last one is too old, its owner shows a factor, and
 * it is done again.
 *
 * @returns whether it was done
 */
export async function withFreshSignIn(
  email: string,
  work: () => Promise<unknown>,
): Promise<boolean> {
  for (let shown = 0; ; shown += 1) {
    try {
      await work();
      return true;
    } catch (error) {
      const demand = error instanceof LatchkeyClientError ? error.demand : undefined;
      if (demand === undefined || shown === MOST_FACTORS) throw error;
      // A password does not make a session of two factors fresher.
      const bySecond = demand.acr !== undefined || client.principal?.claims.acr !== 'aal1';
      if (!(await askFor(bySecond ? byCode() : byPassword(email)))) return false;
    }
  }
}

function byPassword(username: string): FormSpec & { readonly ask: string } {
  const { account: say } = words;
  return {
    ask: say.freshText,
    username,
    fields: [passwordField('password', words.password)],
    submit: say.goOn,
    about: { 'auth.invalid_credentials': 'password' },
    meaning: { 'auth.invalid_credentials': say.wrongPassword },
    onSubmit: ({ password = '' }) => client.stepUp({ method: 'password', password }),
  };
}

/** Six digits are of the app, anything else is a recovery code. */
function byCode(): FormSpec & { readonly ask: string } {
  const { account, secondFactor: say } = words;
  return {
    ask: account.freshByCode,
    fields: [
      {
        name: 'code',
        label: say.totp.label,
        type: 'text',
        autocomplete: 'one-time-code',
        isCode: true,
      },
    ],
    submit: account.goOn,
    about: { 'auth.factor_invalid': 'code' },
    onSubmit: ({ code = '' }) => {
      const method = /^(\s*\d){6}\s*$/.test(code) ? 'totp' : 'recovery_code';
      return client.stepUp({ method, code });
    },
  };
}

/** @returns false when the owner cancels */
function askFor({ ask, ...spec }: FormSpec & { readonly ask: string }): Promise<boolean> {
  const { account: say } = words;
  return new Promise((resolve) => {
    const dialog = element('dialog', { class: 'card', 'aria-labelledby': 'dialog-title' });
    let isFresh = false;
    const onSubmit: FormSpec['onSubmit'] = async (values) => {
      await spec.onSubmit(values);
      isFresh = true;
      dialog.close();
    };
    dialog.append(
      element('h2', { id: 'dialog-title' }, say.freshTitle),
      paragraph(ask),
      form({ ...spec, onSubmit }),
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
