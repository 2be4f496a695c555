import type { UserStatus } from './user.entity.js';

/** What a flow needs to let somebody in. It holds the password's hash: never log or return it. */
export interface SignInAccount {
  readonly id: string;
  readonly email: string;
  readonly name: string | null;
  /** The language of mails; null: that of each request. */
  readonly locale: string | null;
  readonly status: UserStatus;
  readonly emailVerified: boolean;
  /** Null: the account has no password. */
  readonly passwordHash: string | null;
  /** Which password of the account that is the hash of. */
  readonly passwordVersion: number;
  /** The first of its passkeys, apps and recovery codes; null: it has none. */
  readonly oldestFactorId: string | null;
}
