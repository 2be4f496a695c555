import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../audit/actor.js';
import { OPERATOR } from '../audit/operator.js';
import type { HeldAuthority } from './held-authority.js';

/** Whoever keeps accounts that hold roles. */
export interface RoleHolders {
  /** Nothing when the account is unknown to it or not active. */
  heldBy(manager: EntityManager, accountId: string): Promise<HeldAuthority>;
}

/** Whoever has the command line could change the tables as well. */
const EVERYTHING: HeldAuthority = { roles: [], permissions: ['*'] };
const NOTHING: HeldAuthority = { roles: [], permissions: [] };

/**
 * Where a change of authority learns what its author holds. Those who keep accounts enter
 * themselves, so that roles need not know of them.
 */
@Injectable()
export class HeldAuthorities {
  private readonly holders: RoleHolders[] = [];

  add(holders: RoleHolders): void {
    this.holders.push(holders);
  }

  /**
   * Read inside the transaction that changes authority, under the lock of `RoleDefinitions`.
   * Somebody who is unknown or not active holds nothing, and so does nobody.
   */
  async heldBy(manager: EntityManager, actor: Actor): Promise<HeldAuthority> {
    const { userId } = actor;
    if (actor === OPERATOR) return EVERYTHING;
    if (userId === null) return NOTHING;
    const held = [];
    for (const holders of this.holders) held.push(await holders.heldBy(manager, userId));
    return {
      roles: held.flatMap(({ roles }) => roles),
      permissions: held.flatMap(({ permissions }) => permissions),
    };
  }
}
