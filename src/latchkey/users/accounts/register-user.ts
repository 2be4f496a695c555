import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { Actor } from '../../audit/actor.js';
import { AuditTrail } from '../../audit/audit-trail.js';
import { DefaultRole } from '../../roles/default-role.js';
import type { Lane } from '../passwords/hashing/password-check.js';
import { PasswordHasher } from '../passwords/hashing/password-hasher.js';
import { PasswordPolicy } from '../passwords/password-policy.js';
import { type NewUser, UserStore } from './store/user-store.js';
import { UserProfile } from './users.dto.js';
import { usersErrors } from './users.errors.js';

export interface Registration {
  readonly email: string;
  readonly password: string;
  readonly name?: string | null;
  /** The language of mails to its owner. */
  readonly locale?: string | null;
}

/** What else happens on the way. */
export interface RegistrationSteps {
  /** Called before rules of the extending team's own judge the password, or store anything. */
  readonly onAsk?: () => void;
  /** Stores what belongs to the account in its transaction; see `RegistrationFields.store`. */
  readonly store?: (manager: EntityManager, userId: string) => Promise<void>;
  /**
   * Called last in the transaction, with the account that has the address: the new one, or another, which
   * has it, or may take it back.
   */
  readonly conclude?: (manager: EntityManager, userId: string, isNew: boolean) => Promise<void>;
}

@Injectable()
export class RegisterUser {
  constructor(
    private readonly dataSource: DataSource,
    private readonly policy: PasswordPolicy,
    private readonly hasher: PasswordHasher,
    private readonly store: UserStore,
    private readonly audit: AuditTrail,
    private readonly defaultRole: DefaultRole,
  ) {}

  /**
   * An active account with the role that `DEFAULT_ROLE` names. The password is hashed before anybody looks whether
   * the address is taken, and a taken one costs as many statements, so that the time does not tell.
   *
   * @param lane where the password waits for its hash
   * @throws LatchkeyError `request.invalid` naming `password`, `passwords.check_unavailable`,
   *   `auth.busy`, `users.email_taken`, or what `store` throws
   */
  async register(
    { email, password, name = null, locale = null }: Registration,
    lane: Lane,
    actor: Actor,
    { onAsk, store, conclude }: RegistrationSteps = {},
  ): Promise<UserProfile> {
    await this.policy.require('password', password, { email, name }, onAsk);
    const passwordHash = await this.hasher.hash(password, lane);
    const user = await this.dataSource.transaction(async (manager) => {
      const roles = [this.defaultRole.name];
      const account = { emailVerified: false, name, locale, passwordHash, roles };
      const created = await this.store.insert(manager, { ...account, email });
      if (store !== undefined) {
        onAsk?.();
        if (created !== null) await store(manager, created.id);
        else await this.storeInVain(manager, account, store);
      }
      const ownerId = created?.id ?? (await this.store.findHolderId(manager, email));
      if (created === null) await this.recordRefusal(manager, ownerId, actor);
      else await this.recordSuccess(manager, created.id, actor);
      if (ownerId !== null) await conclude?.(manager, ownerId, created !== null);
      return created;
    });
    if (user === null) throw usersErrors.emailTaken();
    return UserProfile.of(user);
  }

  /**
   * Stores for an account that is rolled back at once: a taken address meets the same errors as a new
   * one, after about the same time.
   */
  private async storeInVain(
    manager: EntityManager,
    account: Omit<NewUser, 'email'>,
    store: NonNullable<RegistrationSteps['store']>,
  ): Promise<void> {
    const rollback = new Error('Only to roll back');
    const inVain = manager.transaction(async (nested) => {
      const email = `${uuidv7()}@registration.invalid`;
      const decoy = await this.store.insert(nested, { ...account, email });
      if (decoy !== null) await store(nested, decoy.id);
      throw rollback;
    });
    await inVain.catch((error: unknown) => {
      if (error !== rollback) throw error;
    });
  }

  private recordSuccess(manager: EntityManager, userId: string, actor: Actor): Promise<void> {
    const target = { type: 'user', id: userId } as const;
    return this.audit.record(manager, { action: 'user.registered', actor, target });
  }

  /** Shows admins who tries addresses. */
  private async recordRefusal(
    manager: EntityManager,
    ownerId: string | null,
    actor: Actor,
  ): Promise<void> {
    await this.audit.record(manager, {
      action: 'registration.failed',
      outcome: 'failure',
      actor,
      reason: 'email_taken',
      ...(ownerId !== null && { target: { type: 'user' as const, id: ownerId } }),
    });
  }
}
