import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Principal } from '../../../access/principal.js';
import { usersErrors } from '../../../users/accounts/users.errors.js';
import { Users } from '../../../users/accounts/users.js';
import { PasskeyStore } from '../../../users/factors/passkey-store.js';
import type { PasskeySignalsView } from './passkeys.dto.js';
import { RelyingParty } from './relying-party.js';

/** What browsers are told of an account's passkeys, so that they offer none that has been removed. */
@Injectable()
export class PasskeySignals {
  constructor(
    private readonly dataSource: DataSource,
    private readonly users: Users,
    private readonly store: PasskeyStore,
    private readonly party: RelyingParty,
  ) {}

  /** @throws LatchkeyError `users.not_found` */
  async of({ userId }: Principal): Promise<PasskeySignalsView> {
    const { manager } = this.dataSource;
    const account = await this.users.findAccountById(userId);
    if (account === null) throw usersErrors.notFound();
    const handle = await this.store.findHandle(manager, userId);
    const passkeys = await this.store.credentialsOf(manager, userId);
    return {
      rpId: this.party.id,
      userId: handle?.toString('base64url') ?? null,
      name: account.email,
      displayName: account.name ?? account.email,
      allAcceptedCredentialIds: passkeys.map(({ credentialId }) =>
        credentialId.toString('base64url'),
      ),
    };
  }
}
