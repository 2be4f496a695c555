import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { DataSource } from 'typeorm';
import type { Principal } from '../../../access/principal.js';
import { MailConfig } from '../../../platform/mail/mail.config.js';
import { FactorStore, type FactorSummary } from '../../../users/factors/factor-store.js';
import { factorsErrors } from '../../../users/factors/factors.errors.js';
import { PasskeyStore } from '../../../users/factors/passkey-store.js';
import { OFFERED_ALGORITHMS } from '../../../users/factors/webauthn/cose-key.js';
import {
  type NewPasskey,
  verifyRegistration,
} from '../../../users/factors/webauthn/verify-registration.js';
import { WebAuthnRefusal } from '../../../users/factors/webauthn/webauthn-refusal.js';
import { EnrolmentProof, type ShownMailProof } from '../enrolment-proof.js';
import { FactorChanges } from '../factor-changes.js';
import { PASSKEY_REGISTRATION, PasskeyChallenges } from './passkey-challenges.js';
import type { CeremonyView } from './passkeys.dto.js';
import { RelyingParty } from './relying-party.js';
import { WebAuthnConfig } from './webauthn.config.js';

export interface PasskeyToRegister {
  readonly challenge: string;
  readonly credential: Readonly<Record<string, unknown>>;
  readonly name?: string | null;
  /** For the first factor: that they read the mail. */
  readonly proof?: ShownMailProof;
}

/** Adds a passkey to the caller's account. */
@Injectable()
export class RegisterPasskey {
  constructor(
    private readonly dataSource: DataSource,
    private readonly changes: FactorChanges,
    private readonly factors: FactorStore,
    private readonly store: PasskeyStore,
    private readonly challenges: PasskeyChallenges,
    private readonly party: RelyingParty,
    private readonly config: WebAuthnConfig,
    private readonly mail: MailConfig,
    private readonly proof: EnrolmentProof,
  ) {}

  /**
   * What the page hands to `navigator.credentials.create` (WebAuthn Level 3 section 5.4, as
   * `parseCreationOptionsFromJSON` reads it).
   *
   * @throws LatchkeyError `factors.too_many`, `users.not_found`; of an upgrade `factors.passkey_upgrade_off`, and
   *   `factors.mail_proof_needed`, since nobody is there to show a proof
   */
  begin(
    principal: Principal,
    { upgrade }: { readonly upgrade: boolean },
    request: FastifyRequest,
  ): Promise<CeremonyView> {
    const { userId } = principal;
    if (upgrade && this.config.passkeyUpgrade !== 'on') throw factorsErrors.passkeyUpgradeOff();
    return this.dataSource.transaction(async (manager) => {
      const change = await this.changes.begin(manager, principal, request);
      await this.changes.requireRoom(manager, change);
      const { account } = change;
      if (upgrade && (await this.proof.isNeeded(manager, userId))) {
        throw factorsErrors.mailProofNeeded();
      }
      const handle = await this.store.handleOf(manager, userId);
      const known = await this.store.credentialsOf(manager, userId);
      const { token } = await this.challenges.issueForRegistration(manager, principal, { upgrade });
      const publicKey = {
        rp: { id: this.party.id, name: this.mail.brandName },
        user: {
          id: handle.toString('base64url'),
          name: account.email,
          displayName: account.name ?? account.email,
        },
        challenge: Buffer.from(token).toString('base64url'),
        pubKeyCredParams: OFFERED_ALGORITHMS.map((alg) => ({ type: 'public-key', alg })),
        timeout: PASSKEY_REGISTRATION.lifetimeSeconds * 1_000,
        excludeCredentials: known.map(({ credentialId, transports }) => ({
          type: 'public-key',
          id: credentialId.toString('base64url'),
          transports,
        })),
        authenticatorSelection: {
          residentKey: 'required',
          requireResidentKey: true,
          userVerification: upgrade ? 'preferred' : 'required',
        },
        attestation: 'none',
        extensions: { credProps: true },
      };
      return { challenge: token, publicKey };
    });
  }

  /**
   * @throws LatchkeyError `auth.proof_invalid` for a challenge that is over, `factors.passkey_invalid` with
   *   what is wrong in `detail`, `factors.mail_proof_needed`, `factors.too_many`, `users.not_found`
   */
  async complete(
    principal: Principal,
    { challenge, credential, name = null, proof }: PasskeyToRegister,
    request: FastifyRequest,
  ): Promise<FactorSummary> {
    const { userId } = principal;
    const shown = await this.challenges.checkForRegistration(principal, challenge);
    const passkey = this.verify(challenge, credential, shown.details.upgrade === true);
    const proven = await this.proof.check(principal, proof);
    return this.dataSource.transaction(async (manager) => {
      const change = await this.changes.begin(manager, principal, request);
      await this.challenges.consume(manager, shown);
      await this.changes.requireRoom(manager, change);
      const isFirst = await this.proof.isNeeded(manager, userId);
      if (isFirst) await this.proof.consume(manager, change, proven);
      const id = await this.store.insert(manager, userId, name, passkey);
      if (id === null) throw factorsErrors.passkeyInvalid({ detail: 'It is known already.' });
      await this.changes.tell(manager, change, {
        action: 'factor.added',
        notice: 'passkey-added',
        details: { kind: 'passkey', factorId: id },
      });
      const added = (await this.factors.list(manager, userId)).find((factor) => factor.id === id);
      if (added === undefined) throw new Error('A passkey vanished under the lock of its account.');
      return added;
    });
  }

  private verify(
    challenge: string,
    credential: Readonly<Record<string, unknown>>,
    upgrade: boolean,
  ): NewPasskey {
    try {
      const expected = this.party.expect(challenge, !upgrade);
      return verifyRegistration(credential, { ...expected, mayBeAbsent: upgrade });
    } catch (error) {
      if (!(error instanceof WebAuthnRefusal)) throw error;
      throw factorsErrors.passkeyInvalid({ detail: `Refused: ${error.message}.` });
    }
  }
}
