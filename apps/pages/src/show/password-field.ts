import { settings } from '../settings.js';
import { words } from '../words/words.js';
import type { FieldSpec } from './field.js';

/** A field for a password that is chosen: password managers propose one. */
export function newPasswordField(name: string, label: string): FieldSpec {
  const hint = words.passwordHint(settings.passwordMinLength);
  return { name, label, type: 'password', autocomplete: 'new-password', hint };
}

/** A field for the account's password: password managers fill it in. */
export function passwordField(name: string, label: string): FieldSpec {
  return { name, label, type: 'password', autocomplete: 'current-password' };
}

export function codeField(): FieldSpec {
  return {
    name: 'code',
    label: words.code,
    type: 'text',
    autocomplete: 'one-time-code',
    hint: words.codeHint,
    isCode: true,
  };
}

/** A field for what an authenticator app shows, or for a recovery code. */
export function factorCodeField(label: string): FieldSpec {
  return { name: 'code', label, type: 'text', autocomplete: 'one-time-code', isCode: true };
}
