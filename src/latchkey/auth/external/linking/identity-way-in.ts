import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { type Identity, IdentityStore } from '../../../users/identities/identity-store.js';
import { WayIn } from '../../ways-in/way-in.js';
import { ExternalConfig } from '../external.config.js';

/** Identities at the providers that are switched on: by another one nobody signs in. */
@Injectable()
export class IdentityWayIn extends WayIn {
  constructor(
    private readonly identities: IdentityStore,
    private readonly config: ExternalConfig,
  ) {
    super();
  }

  isOne({ provider }: Pick<Identity, 'provider'>): boolean {
    return this.config.ids.includes(provider);
  }

  async countFor(manager: EntityManager, userId: string): Promise<number> {
    const identities = await this.identities.list(manager, userId);
    return identities.filter((identity) => this.isOne(identity)).length;
  }
}
