import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { addressBlock } from '../../audit/address-block.js';
import { Counters } from '../../platform/limits/counters.js';
import type { OneTimePurpose } from '../../tokens/one-time/one-time-purpose.js';
import { OneTimeSecrets } from '../../tokens/one-time/one-time-secrets.js';
import type { Proof } from '../../tokens/one-time/proof-judge.js';
import type { ShownSecret } from '../../tokens/one-time/shown-secret.js';
import { SameSite } from '../session/same-site.js';
import { RequestQuota } from '../throttling/request-quota.js';
import { ThrottleConfig } from '../throttling/throttle.config.js';

/** Judges what somebody shows of a mail, whom nothing else tells who they are. */
@Injectable()
export class MailProofs {
  private readonly addresses: RequestQuota;

  constructor(
    throttle: ThrottleConfig,
    private readonly secrets: OneTimeSecrets,
    private readonly sameSite: SameSite,
    counters: Counters,
  ) {
    this.addresses = new RequestQuota(counters, throttle, {
      name: 'mail-proof-address',
      quota: throttle.addressMailProofs,
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
    await this.admit(reply);
    return this.secrets.check(purpose, proof, boundTo);
  }

  /**
   * Counts a proof that is judged elsewhere.
   *
   * @throws LatchkeyError `auth.cross_site`, `throttle.too_many_requests`
   */
  async admit(reply: FastifyReply): Promise<void> {
    const { request } = reply;
    this.sameSite.require(request);
    await this.addresses.require(reply, addressBlock(request.ip));
  }
}
