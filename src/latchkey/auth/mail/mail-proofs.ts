import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { addressBlock } from '../../audit/address-block.js';
import { Counters } from '../../platform/limits/counters.js';
import { FixedWindow } from '../../platform/limits/fixed-window.js';
import { requireAdmitted } from '../../platform/limits/service-limit.js';
import type { OneTimePurpose } from '../../tokens/one-time/one-time-purpose.js';
import { OneTimeSecrets } from '../../tokens/one-time/one-time-secrets.js';
import type { Proof } from '../../tokens/one-time/proof-judge.js';
import type { ShownSecret } from '../../tokens/one-time/shown-secret.js';
import { SameSite } from '../session/same-site.js';
import { ThrottleConfig } from '../throttling/throttle.config.js';

/** Judges what somebody shows of a mail, whom nothing else tells who they are. */
@Injectable()
export class MailProofs {
  private readonly addresses: FixedWindow;

  constructor(
    private readonly throttle: ThrottleConfig,
    private readonly secrets: OneTimeSecrets,
    private readonly sameSite: SameSite,
    counters: Counters,
  ) {
    this.addresses = new FixedWindow(counters, {
      name: 'mail-proof-address',
      quota: throttle.addressMailProofs,
      windowSeconds: throttle.addressWindowSeconds,
    });
  }

  /**
   * See `OneTimeSecrets.check`. Proofs of every kind count together, right or wrong.
   *
   * @throws LatchkeyError `auth.cross_site`, `throttle.too_many_requests`, `auth.proof_invalid`
   */
  async check(
    purpose: OneTimePurpose,
    proof: Proof,
    reply: FastifyReply,
    boundTo?: string,
  ): Promise<ShownSecret> {
    const { request } = reply;
    this.sameSite.require(request);
    if (this.throttle.enabled)
      requireAdmitted(reply, await this.addresses.count(addressBlock(request.ip)));
    return this.secrets.check(purpose, proof, boundTo);
  }
}
