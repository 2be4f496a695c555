import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { Actor } from '../../../audit/actor.js';
import { AuditTrail } from '../../../audit/audit-trail.js';
import { DocumentClients } from '../documents/document-clients.js';
import { GRANT_TYPES, RESPONSE_TYPES, readClientMetadata } from './client-metadata.js';
import type { RegistrationResponse } from './registration.dto.js';
import { SelfRegisteredStore } from './self-registered-store.js';

/** Registers whoever asks, as narrow as a client can be (RFC 7591). */
@Injectable()
export class RegisterClient {
  constructor(
    private readonly dataSource: DataSource,
    private readonly strangers: DocumentClients,
    private readonly store: SelfRegisteredStore,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * What it asks for is replaced where it gets something else (section 3.2.1): every client that comes so may ask for
   * the same.
   *
   * @throws LatchkeyError `oauth.invalid_redirect_uri`, `oauth.invalid_client_metadata`
   */
  async register(body: unknown, actor: Actor): Promise<RegistrationResponse> {
    const { name, redirectUris } = readClientMetadata(body);
    const id = uuidv7();
    const { scopes } = await this.strangers.mayAsk(id);
    const issuedAt = await this.dataSource.transaction(async (manager) => {
      const at = await this.store.insert(manager, { id, name, redirectUris, scopes });
      await this.store.removeSurplus(manager);
      await this.audit.record(manager, {
        action: 'client.registered',
        actor,
        target: { type: 'client', id },
        details: { name, redirectUris },
      });
      return at;
    });
    return {
      client_id: id,
      client_id_issued_at: issuedAt,
      client_name: name,
      redirect_uris: [...redirectUris],
      token_endpoint_auth_method: 'none',
      grant_types: GRANT_TYPES,
      response_types: RESPONSE_TYPES,
      scope: scopes.join(' '),
    };
  }
}
