import { describe, expect, it } from 'vitest';
import {
  type AccountWays,
  canGetIn,
  canSignIn,
  type OpenWays,
} from '../../../../src/latchkey/auth/ways-in/last-way-in-rule.js';

const NOTHING: AccountWays = { hasPassword: false, passkeys: 0, others: 0 };
const ACCOUNTS: Readonly<Record<string, AccountWays>> = {
  nothing: NOTHING,
  'a password': { ...NOTHING, hasPassword: true },
  'a passkey': { ...NOTHING, passkeys: 1 },
  'an identity': { ...NOTHING, others: 1 },
  'a password and a passkey': { ...NOTHING, hasPassword: true, passkeys: 2 },
};
const both = [true, false];
const SETTINGS: readonly OpenWays[] = both.flatMap((byPassword) =>
  both.flatMap((byMail) => both.map((recovery) => ({ byPassword, byMail, recovery }))),
);

/** The accounts that somebody can sign in to, for each combination of settings, and get in to. */
const SIGN_IN: Readonly<Record<string, readonly string[]>> = {
  'password mail recovery': Object.keys(ACCOUNTS),
  'password mail -': Object.keys(ACCOUNTS),
  'password - recovery': ['a password', 'a passkey', 'an identity', 'a password and a passkey'],
  'password - -': ['a password', 'a passkey', 'an identity', 'a password and a passkey'],
  '- mail recovery': Object.keys(ACCOUNTS),
  '- mail -': Object.keys(ACCOUNTS),
  '- - recovery': ['a passkey', 'an identity', 'a password and a passkey'],
  '- - -': ['a passkey', 'an identity', 'a password and a passkey'],
};
const GET_IN: typeof SIGN_IN = { ...SIGN_IN, 'password - recovery': Object.keys(ACCOUNTS) };

const nameOf = ({ byPassword, byMail, recovery }: OpenWays) =>
  `${byPassword ? 'password' : '-'} ${byMail ? 'mail' : '-'} ${recovery ? 'recovery' : '-'}`;

describe.each(SETTINGS.map((open) => [nameOf(open), open] as const))('with %s', (name, open) => {
  it.each(Object.entries(ACCOUNTS))('an account with %s', (account, ways) => {
    expect(canSignIn(ways, open)).toBe(SIGN_IN[name]?.includes(account));
    expect(canGetIn(ways, open)).toBe(GET_IN[name]?.includes(account));
  });
});
