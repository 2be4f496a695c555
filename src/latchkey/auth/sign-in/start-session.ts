import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { reaches } from '../../access/assurance.js';
import type { Actor } from '../../audit/actor.js';
import { AccessTokens } from '../../tokens/access-tokens/access-tokens.js';
import type { ShownFactor } from '../../tokens/assurance/factor.js';
import { ProvidedSecondFactors } from '../../tokens/assurance/provided-second-factors.js';
import { levelOfShown } from '../../tokens/assurance/session-assurance.js';
import { Revocations, type RevokingTransaction } from '../../tokens/revocation/revocations.js';
import type { GrantedSession } from '../../tokens/sessions/refresh/live-session.js';
import type { NamedSessionData } from '../../tokens/sessions/session-data.js';
import { SessionLimit } from '../../tokens/sessions/session-limit.js';
import { Sessions } from '../../tokens/sessions/sessions.js';
import type { SignInAccount } from '../../users/accounts/sign-in-account.js';
import type { UserProfile } from '../../users/accounts/users.dto.js';
import { Users } from '../../users/accounts/users.js';
import { authErrors } from '../auth.errors.js';
import { Notices } from '../mail/notices.js';
import {
  type SecondFactorChallenge,
  SecondFactorChallenges,
} from '../second-factor/second-factor-challenges.js';

/** What a sign-in or a refresh gives: both tokens, and whose they are. */
export interface GrantedAccess extends GrantedSession {
  readonly accessToken: string;
  /** Seconds. */
  readonly expiresIn: number;
  /** Roles that the user holds and that demand more than the session has shown. */
  readonly withheld: readonly string[];
  readonly user: UserProfile;
}

/** A sign-in as its method hands it over. */
export interface BegunSignIn {
  /** As it was when it was authenticated. */
  readonly account: Pick<SignInAccount, 'id' | 'passwordVersion'>;
  readonly factors: readonly ShownFactor[];
  readonly actor: Actor;
  readonly data?: readonly NamedSessionData[];
  /**
   * Has the owner told by mail when the place and the software are new to the account; absent where the
   * device is known.
   */
  readonly newDevice?: NewDeviceNotice;
  /** Makes what was shown worthless, in the same transaction. */
  readonly consume?: (manager: EntityManager) => Promise<unknown>;
  /**
   * The same where what was shown changes the account as well, its password among it.
   *
   * @returns the account as it is from then on
   */
  readonly prove?: (transaction: RevokingTransaction) => Promise<SignInAccount>;
}

/** For the mail that tells of a sign-in from a new device. */
export interface NewDeviceNotice {
  /** `Accept-Language` of the request. */
  readonly languages?: string;
}

/**
 * The end of every sign-in, whatever the method: a new session, never one that was presented.
 * Your own sign-in method calls this once it knows whose account it is.
 */
@Injectable()
export class StartSession {
  constructor(
    private readonly revocations: Revocations,
    private readonly users: Users,
    private readonly sessions: Sessions,
    private readonly limit: SessionLimit,
    private readonly accessTokens: AccessTokens,
    private readonly notices: Notices,
    private readonly secondFactors: ProvidedSecondFactors,
    private readonly challenges: SecondFactorChallenges,
  ) {}

  /**
   * @returns a challenge in place of a session where the account has a second factor, and what was shown
   *   is not `aal2` already
   * @throws LatchkeyError `auth.invalid_credentials` when the account has been disabled, deleted or
   *   given another password since; `sessions.data_unfit`; whatever `consume` throws
   */
  async start(signIn: BegunSignIn): Promise<GrantedAccess | SecondFactorChallenge> {
    const { factors, actor, data = [], newDevice } = signIn;
    return this.revocations.commit(async (transaction) => {
      const { manager } = transaction;
      // First: it may lock the account more strictly than the sign-in, and two that raised a lock would wait for each other.
      await signIn.consume?.(manager);
      const account = (await signIn.prove?.(transaction)) ?? signIn.account;
      const unchanged = await this.users.lockForSignIn(manager, account);
      if (!unchanged) throw authErrors.invalidCredentials();
      // Under the lock: whoever adds a factor takes it as well.
      const methods = await this.methodsDemanded(manager, account.id, factors);
      if (methods.length > 0) {
        const pending = { factors, data };
        return this.challenges.issue(manager, account.id, methods, pending, actor);
      }
      const started = await this.startIn(manager, account.id, factors, actor, data);
      const { isNewDevice, ...granted } = started;
      if (isNewDevice && newDevice !== undefined) {
        const { user } = granted;
        await this.notices.put(manager, {
          notice: 'new-device',
          account: user,
          actor,
          ...newDevice,
        });
      }
      // Last: other sign-ins of the user wait for it.
      await this.limit.enforce(transaction, granted.session, actor);
      return granted;
    });
  }

  private async methodsDemanded(
    manager: EntityManager,
    userId: string,
    factors: readonly ShownFactor[],
  ): Promise<string[]> {
    if (reaches(levelOfShown(factors), 'aal2')) return [];
    const usable = await this.secondFactors.usableBy(manager, userId);
    return usable.map(({ method }) => method);
  }

  /**
   * The same for an account that the caller's transaction has locked and found to be active.
   *
   * @throws LatchkeyError `auth.invalid_credentials` when there is no such account
   */
  async startIn(
    manager: EntityManager,
    userId: string,
    factors: readonly ShownFactor[],
    actor: Actor,
    data?: readonly NamedSessionData[],
  ): Promise<GrantedAccess & { readonly isNewDevice: boolean }> {
    const granted = await this.sessions.start(manager, { userId, factors, actor, data });
    const current = await this.users.findFacts(userId, manager);
    if (current === null) throw authErrors.invalidCredentials();
    // Before the commit: a session whose token cannot be issued is not started.
    const access = await this.accessTokens.issue(granted.session, current.facts, manager);
    return { ...granted, ...access, user: current.user };
  }
}
