/** By what an account can be signed in to. A second factor is no way in. */
export interface AccountWays {
  readonly hasPassword: boolean;
  readonly passkeys: number;
  /** Identities at other providers, and what the methods of features know the account by. */
  readonly others: number;
}

/** What stands open here, by the settings. */
export interface OpenWays {
  /** `PASSWORD_SIGN_IN` */
  readonly byPassword: boolean;
  /** `EMAIL_SIGN_IN`, where mail is sent. */
  readonly byMail: boolean;
  /** `RECOVERY`, where mail is sent. */
  readonly recovery: boolean;
}

/** Whether somebody can sign in to the account as it is. */
export function canSignIn({ hasPassword, passkeys, others }: AccountWays, open: OpenWays): boolean {
  return (hasPassword && open.byPassword) || passkeys > 0 || others > 0 || open.byMail;
}

/** The same, or set a password by mail first. It counts where an admin helps, who sends the owner there. */
export function canGetIn(account: AccountWays, open: OpenWays): boolean {
  return canSignIn(account, open) || (open.recovery && open.byPassword);
}
