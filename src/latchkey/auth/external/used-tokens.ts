import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { OneTimeSecrets } from '../../tokens/one-time/one-time-secrets.js';
import type { NewIdentity } from '../../users/identities/identity-store.js';
import { externalErrors } from './external.errors.js';
import { EXTERNAL_TOKEN } from './external.purposes.js';

/** The ID tokens that apps have shown: each works once. */
@Injectable()
export class UsedTokens {
  constructor(private readonly secrets: OneTimeSecrets) {}

  /**
   * Uses up the ID token of an app: by its nonce, since a signature can be written in more than one way.
   *
   * @throws LatchkeyError `auth.external_refused` when it has been used
   */
  async add(
    manager: EntityManager,
    { issuer, subject }: Pick<NewIdentity, 'issuer' | 'subject'>,
    nonce: string,
  ): Promise<void> {
    const isFirst = await this.secrets.spend(manager, EXTERNAL_TOKEN, [issuer, subject, nonce]);
    if (!isFirst) throw externalErrors.refused();
  }
}
