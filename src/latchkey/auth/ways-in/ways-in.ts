import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { EntityManager } from 'typeorm';
import { Mailer } from '../../platform/mail/mailer.js';
import { findProvided } from '../../platform/ports/find-provided.js';
import type { SignInAccount } from '../../users/accounts/sign-in-account.js';
import { FactorStore } from '../../users/factors/factor-store.js';
import { factorsErrors } from '../../users/factors/factors.errors.js';
import { AuthConfig } from '../auth.config.js';
import { RecoveryConfig } from '../recovery/recovery.config.js';
import { type AccountWays, canGetIn, canSignIn, type OpenWays } from './last-way-in-rule.js';
import { WayIn } from './way-in.js';

/** Keeps the last way in of an account from being taken. */
@Injectable()
export class WaysIn implements OnModuleInit {
  private provided: readonly WayIn[] = [];

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly config: AuthConfig,
    private readonly recovery: RecoveryConfig,
    private readonly mailer: Mailer,
    private readonly factors: FactorStore,
  ) {}

  onModuleInit(): void {
    this.provided = findProvided(this.discovery, WayIn);
  }

  /** @param manager of a transaction that has locked the account */
  async of(
    manager: EntityManager,
    { id, passwordHash }: Pick<SignInAccount, 'id' | 'passwordHash'>,
  ): Promise<AccountWays> {
    const factors = await this.factors.list(manager, id);
    let others = 0;
    for (const way of this.provided) others += await way.countFor(manager, id);
    return {
      hasPassword: passwordHash !== null,
      passkeys: factors.filter(({ kind }) => kind === 'passkey').length,
      others,
    };
  }

  /**
   * What an owner takes from their account leaves a way in, unless there was none before.
   *
   * @throws LatchkeyError `factors.last_way_in`
   */
  requireLeft(before: AccountWays, after: AccountWays): void {
    if (canSignIn(before, this.open) && !canSignIn(after, this.open))
      throw factorsErrors.lastWayIn();
  }

  /**
   * The same of what an admin takes, who can send the owner a mail to set a password by.
   *
   * @throws LatchkeyError `factors.last_way_in`
   */
  requireReachable(before: AccountWays, after: AccountWays): void {
    if (canGetIn(before, this.open) && !canGetIn(after, this.open)) throw factorsErrors.lastWayIn();
  }

  private get open(): OpenWays {
    const sends = this.mailer.available;
    return {
      byPassword: this.config.passwordSignIn === 'on',
      byMail: this.config.emailSignIn === 'on' && sends,
      recovery: this.recovery.recovery === 'on' && sends,
    };
  }
}
