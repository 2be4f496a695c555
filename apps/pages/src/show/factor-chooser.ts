import type { ShownFactor } from '../../../../src/latchkey/published/client/index.js';
import { passkeys } from '../client.js';
import { words } from '../words/words.js';
import { button, element, paragraph } from './element.js';
import { type FormSpec, form } from './form.js';
import { factorCodeField, passwordField } from './password-field.js';

/** How somebody shows who they are, the surest first. */
export const METHODS = ['passkey', 'totp', 'recovery_code', 'password'] as const;
export type Method = (typeof METHODS)[number];

export interface Choice {
  /** Among which one is chosen. */
  readonly methods: readonly Method[];
  /** What the button says; of a passkey it is said otherwise. */
  readonly submit: string;
  /** For password managers. */
  readonly username?: string;
  readonly meaning?: FormSpec['meaning'];
  /** Ends what the browser asks. */
  readonly signal: AbortSignal;
  readonly onShow: (shown: ShownFactor) => Promise<unknown>;
}

/** A form for the first of the methods, and buttons that put another one in its place. */
export function factorChooser(choice: Choice): HTMLElement {
  const root = element('div', { class: 'chooser' });
  const choose = (method: Method) => {
    const others = choice.methods.filter((other) => other !== method);
    root.replaceChildren(
      paragraph(words.secondFactor[method].ask),
      form(formOf(method, choice)),
      element(
        'p',
        { class: 'ways' },
        ...others.map((other) =>
          button(words.secondFactor[other].offer, 'plain', () => {
            choose(other);
            // The button is gone, and the keyboard's place with it.
            root.querySelector<HTMLElement>('input:not([hidden]), button')?.focus();
          }),
        ),
      ),
    );
  };
  choose(choice.methods[0] ?? 'password');
  return root;
}

function formOf(method: Method, { submit, username, meaning, signal, onShow }: Choice): FormSpec {
  const say = words.secondFactor;
  if (method === 'passkey')
    return {
      fields: [],
      submit: say.passkey.submit,
      meaning: { ...meaning, 'auth.factor_invalid': say.passkey.wrong },
      onSubmit: async () => onShow(await passkeys.show(signal)),
    };
  if (method === 'password')
    return {
      username,
      fields: [passwordField('password', words.password)],
      submit,
      about: { 'auth.invalid_credentials': 'password' },
      meaning: { ...meaning, 'auth.invalid_credentials': words.account.wrongPassword },
      onSubmit: ({ password = '' }) => onShow({ method, password }),
    };
  return {
    fields: [factorCodeField(say[method].label)],
    submit,
    about: { 'auth.factor_invalid': 'code' },
    meaning,
    onSubmit: ({ code = '' }) => onShow({ method, code }),
  };
}
