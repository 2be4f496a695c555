import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Actor } from '../../../audit/actor.js';
import { AuditTrail } from '../../../audit/audit-trail.js';
import { defineFactor, type ShownFactor } from '../../../tokens/assurance/factor.js';
import { AccountStates } from '../../../tokens/one-time/account-states.js';
import type { ShownSecret } from '../../../tokens/one-time/shown-secret.js';
import { PasskeyStore, type StoredPasskey } from '../../../users/factors/passkey-store.js';
import { challengeOf } from '../../../users/factors/webauthn/client-data.js';
import { bytesOf, readCredential } from '../../../users/factors/webauthn/credential-response.js';
import {
  type Assertion,
  verifyAssertion,
} from '../../../users/factors/webauthn/verify-assertion.js';
import { requireThat, WebAuthnRefusal } from '../../../users/factors/webauthn/webauthn-refusal.js';
import { PasskeyChallenges } from './passkey-challenges.js';
import { RelyingParty } from './relying-party.js';

/** No attestation says that the key is in hardware. */
const AMR = ['swk', 'user'] as const;

/** Signs in by itself: the authenticator has verified its user. */
export const PASSKEY = defineFactor({
  name: 'passkey',
  amr: AMR,
  role: 'both',
  phishingResistant: true,
});
/** It has not: good beside another factor only. */
export const UNVERIFIED_PASSKEY = defineFactor({
  name: 'unverified_passkey',
  amr: ['swk'],
  role: 'second',
  phishingResistant: true,
});

export interface JudgedPasskey {
  readonly userId: string;
  readonly shown: ShownFactor;
  /** @returns false when it has been removed meanwhile; throws when another request was first */
  consume(manager: EntityManager, actor: Actor): Promise<boolean>;
}

interface Ceremony {
  /** Whether the passkey is all that is shown. */
  readonly alone: boolean;
  readonly check: (token: string) => Promise<ShownSecret>;
}

type Credential = Readonly<Record<string, unknown>>;

/** Whose passkey it is that somebody shows. */
@Injectable()
export class PasskeyJudge {
  constructor(
    private readonly dataSource: DataSource,
    private readonly store: PasskeyStore,
    private readonly challenges: PasskeyChallenges,
    private readonly party: RelyingParty,
    private readonly accounts: AccountStates,
    private readonly audit: AuditTrail,
  ) {}

  /** Null for whatever is wrong with it; why is nobody's business. */
  async judge(credential: Credential, ceremony: Ceremony): Promise<JudgedPasskey | null> {
    try {
      return await this.judgeOrRefuse(credential, ceremony);
    } catch (error) {
      if (error instanceof WebAuthnRefusal) return null;
      throw error;
    }
  }

  /** False for one that an authenticator still has, and no account. */
  async knows(credential: Credential): Promise<boolean> {
    try {
      const { id } = readCredential(credential);
      return (await this.store.find(this.dataSource.manager, id)) !== null;
    } catch (error) {
      if (error instanceof WebAuthnRefusal) return true;
      throw error;
    }
  }

  private async judgeOrRefuse(
    credential: Credential,
    { alone, check }: Ceremony,
  ): Promise<JudgedPasskey> {
    const { id, response } = readCredential(credential);
    const token = challengeOf(bytesOf(response, 'clientDataJSON'));
    if (token === null) throw new WebAuthnRefusal('it is for no challenge');
    // WebAuthn Level 3 section 7.2 step 6: nobody has said before whose account it is.
    requireThat(!alone || typeof response.userHandle === 'string', 'it does not say whose it is');
    const secret = await check(token);
    const passkey = await this.store.find(this.dataSource.manager, id);
    if (passkey === null) throw new WebAuthnRefusal('there is no such passkey');
    const assertion = verifyAssertion(credential, passkey, this.party.expect(token, alone));
    const factor = assertion.userVerified ? PASSKEY : UNVERIFIED_PASSKEY;
    return {
      userId: passkey.userId,
      shown: factor.shown(passkey.factorId),
      consume: (manager, actor) => this.consume(manager, secret, passkey, assertion, actor),
    };
  }

  private async consume(
    manager: EntityManager,
    secret: ShownSecret,
    passkey: StoredPasskey,
    assertion: Assertion,
    actor: Actor,
  ): Promise<boolean> {
    // First, as whoever changes the passkey does: two that took the locks in another order would wait for each other.
    await this.accounts.lock(manager, passkey.userId);
    await this.challenges.consume(manager, secret);
    if (hasGoneBack(passkey.counter, assertion.counter)) {
      // WebAuthn Level 3 section 7.2 step 22: a sign that there are two of it, and no proof.
      await this.audit.record(manager, {
        action: 'passkey.counter_went_back',
        actor,
        target: { type: 'user', id: passkey.userId },
        details: {
          factorId: passkey.factorId,
          stored: passkey.counter,
          presented: assertion.counter,
        },
      });
    }
    return this.store.used(manager, passkey.factorId, assertion);
  }
}

/** Both zero: it counts nothing. */
function hasGoneBack(stored: number, presented: number): boolean {
  return (stored !== 0 || presented !== 0) && presented <= stored;
}
