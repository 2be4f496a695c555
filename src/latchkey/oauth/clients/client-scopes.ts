import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { requestErrors } from '../../platform/errors/request.errors.js';
import { ResourceStore } from '../resources/resource-store.js';
import { SCOPES } from './scopes.js';

const OWN: readonly string[] = SCOPES;

/** What clients may be registered to ask for. */
@Injectable()
export class ClientScopes {
  constructor(private readonly resources: ResourceStore) {}

  /**
   * That each is one of `SCOPES`, or belongs to a resource; which it then does until the transaction is over.
   *
   * @throws LatchkeyError `request.invalid` naming `scopes`
   */
  async requireKnown(manager: EntityManager, names: readonly string[]): Promise<void> {
    const others = names.filter((name) => !OWN.includes(name));
    if (others.length === 0) return;
    const known = await this.resources.keepKnown(manager, others);
    const unknown = others.filter((name) => !known.includes(name));
    if (unknown.length === 0) return;
    const message = `no resource has the scope ${unknown.join(', ')}`;
    throw requestErrors.invalid({ fields: [{ field: 'scopes', message }] });
  }
}
