import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { AccessConfig } from '../../access/access.config.js';
import type { Principal } from '../../access/principal.js';
import { addressBlock } from '../../audit/address-block.js';
import { LatchkeyError } from '../../platform/errors/latchkey-error.js';
import { Counters } from '../../platform/limits/counters.js';
import { SameSite } from '../session/same-site.js';
import { RequestQuota } from '../throttling/request-quota.js';
import { ThrottleConfig } from '../throttling/throttle.config.js';
import { ExternalProviders } from './external-providers.js';
import { ExternalStates } from './external-states.js';
import { RedirectUris } from './redirect-uris.js';
import { ReturnAddresses } from './return-addresses.js';

export interface ExternalStart {
  /** Absent: the page of the own account. */
  readonly returnTo?: string;
  /** The ticket of somebody who adds an identity to their account. */
  readonly link?: string;
  /** Whether a session that the provider has had for long will not do. */
  readonly fresh?: boolean;
}

/** The first half of signing in through a provider: the browser goes there. */
@Injectable()
export class BeginExternalSignIn {
  private readonly addresses: RequestQuota;

  constructor(
    private readonly providers: ExternalProviders,
    private readonly states: ExternalStates,
    private readonly returns: ReturnAddresses,
    private readonly redirects: RedirectUris,
    private readonly sameSite: SameSite,
    private readonly access: AccessConfig,
    throttle: ThrottleConfig,
    counters: Counters,
  ) {
    this.addresses = new RequestQuota(counters, throttle, {
      name: 'external-start-address',
      quota: throttle.addressExternalStarts,
    });
  }

  /**
   * Where the browser goes on: at the provider; or at `returnTo` with the error, where the provider cannot be
   * asked.
   *
   * @throws LatchkeyError `auth.external_unknown`, `request.invalid`, `auth.proof_invalid` for a ticket that is
   *   over or of another browser, `throttle.too_many_requests`
   */
  async begin(
    reply: FastifyReply,
    id: string,
    { returnTo: wanted, link, fresh = false }: ExternalStart,
  ): Promise<string> {
    const provider = this.providers.get(id);
    const returnTo = this.returns.resolve(wanted);
    await this.addresses.require(reply, addressBlock(reply.request.ip));
    const begun = await this.states.begin(reply, { provider: id, returnTo }, link);
    const maxAge = fresh && { maxAgeSeconds: this.access.freshSignInSeconds };
    const redirectUri = this.redirects.of(id);
    try {
      const address = await provider.begin({ ...begun, redirectUri, ...maxAge });
      return address.href;
    } catch (error) {
      if (error instanceof LatchkeyError) return this.returns.failed(returnTo, error, id);
      throw error;
    }
  }

  /**
   * A ticket for `link`, good for two minutes in the browser and the session that ask for it.
   *
   * @throws LatchkeyError `auth.external_unknown`, `auth.cross_site`
   */
  async ticketFor(
    reply: FastifyReply,
    id: string,
    principal: Principal,
  ): Promise<{ token: string; expiresInSeconds: number }> {
    this.sameSite.require(reply.request);
    this.providers.get(id);
    return this.states.issueTicket(reply, principal);
  }
}
