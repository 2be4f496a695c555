import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ExportUser } from '../../platform/persons/export-user.js';
import { IdentityStore } from './identity-store.js';
import { IdentityTokenStore } from './identity-token-store.js';

/** By which providers somebody may sign in, what those call them, and whether tokens of theirs are kept. */
@Injectable()
export class IdentityExport extends ExportUser {
  readonly name = 'identities';

  constructor(
    private readonly dataSource: DataSource,
    private readonly store: IdentityStore,
    private readonly tokens: IdentityTokenStore,
  ) {
    super();
  }

  override async export(userId: string): Promise<unknown> {
    const { manager } = this.dataSource;
    const kept = await this.tokens.list(manager, userId);
    const identities = await this.store.list(manager, userId);
    return identities.map(({ userId: _, ...identity }) => {
      const { identityId, ...times } = kept.find((one) => one.identityId === identity.id) ?? {};
      return { ...identity, providerTokens: identityId === undefined ? null : times };
    });
  }
}
