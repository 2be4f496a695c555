import type { Means, Requested } from './account-calls.js';

/** A second factor or passkey of the user: never what is secret of it. */
export interface Factor {
  readonly id: string;
  readonly kind: 'totp' | 'passkey' | 'recovery_codes';
  readonly name: string | null;
  readonly createdAt: string;
  readonly lastUsedAt: string | null;
  /** Of recovery codes: how many have not been used. */
  readonly left?: number;
}

export interface FactorList {
  readonly items: readonly Factor[];
  /** Whether the next one takes a code of the account's mailbox: see `requestFactorProof`. */
  readonly proofNeeded: boolean;
  /** Whether the account has a password. */
  readonly hasPassword: boolean;
}

/** An authenticator app that waits for its first code. Shown now, and never again. */
export interface BegunTotp {
  readonly id: string;
  /** To type into an app. */
  readonly secret: string;
  /** For a QR code, which holds the secret: draw it in the page. */
  readonly uri: string;
}

/** What a mail to the account's address handed over, for `factors.mail_proof_needed`. */
export interface MailedCode {
  readonly ticket: string;
  readonly code: string;
}

/**
 * What owners do with their factors (docs/second-factors.md). All but the list take a fresh sign-in: they reject
 * with `auth.fresh_sign_in_required` unless `onStepUp` has the user show one.
 */
export interface FactorCalls {
  listFactors(): Promise<FactorList>;
  beginTotp(): Promise<BegunTotp>;
  /**
   * Shows a first code of the app.
   *
   * @returns the recovery codes, which are shown now and never again; none where the account had some
   */
  confirmTotp(id: string, code: string, proof?: MailedCode): Promise<string[]>;
  /** Has a code sent by which the owner of the mailbox says that the first factor may be added. */
  requestFactorProof(): Promise<Requested>;
  /** Ten new ones; the former ones are worth nothing then. */
  replaceRecoveryCodes(): Promise<string[]>;
  /** Null takes the name away. */
  renameFactor(id: string, name: string | null): Promise<Factor>;
  removeFactor(id: string): Promise<void>;
}

const FACTORS = 'auth/factors';

export function factorCalls({ ask, refresh }: Pick<Means, 'ask' | 'refresh'>): FactorCalls {
  const codesOf = async (path: string, body?: object): Promise<string[]> =>
    Object(await ask('POST', `${FACTORS}/${path}`, body)).recoveryCodes ?? [];
  return {
    listFactors: () => ask('GET', FACTORS) as Promise<FactorList>,
    beginTotp: () => ask('POST', `${FACTORS}/totp`) as Promise<BegunTotp>,
    confirmTotp: async (id, code, proof) => {
      const codes = await codesOf(`totp/${id}/confirm`, { code, proof });
      // The session counts as one in which it has been shown: so says the next token.
      await refresh().catch(() => null);
      return codes;
    },
    requestFactorProof: () => ask('POST', `${FACTORS}/proof`) as Promise<Requested>,
    replaceRecoveryCodes: () => codesOf('recovery-codes'),
    renameFactor: (id, name) => ask('PATCH', `${FACTORS}/${id}`, { name }) as Promise<Factor>,
    removeFactor: async (id) => {
      await ask('DELETE', `${FACTORS}/${id}`);
    },
  };
}
