import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { oauthErrors } from '../../oauth.errors.js';
import type { RegisteredClient } from '../oauth-clients.js';
import { SCOPES } from '../scopes.js';
import { documentClientId } from './client-document.js';
import { ClientDocuments } from './client-documents.js';
import { DocumentClientStore } from './document-client-store.js';
import { DocumentUnreachable } from './fetch-document.js';

/** What people are called, but not what they may do here: that is for apps that somebody has registered. */
const SCOPES_OF_STRANGERS = SCOPES.filter((name) => name !== 'roles');

/** Clients that nobody has registered: an address says who they are (draft-ietf-oauth-client-id-metadata-document). */
@Injectable()
export class DocumentClients {
  constructor(
    private readonly documents: ClientDocuments,
    private readonly store: DocumentClientStore,
  ) {}

  /**
   * The client as its document says now. Nothing is stored: anybody may ask.
   *
   * @returns null for a `client_id` that is no such address, where the setting is off, and for one that is disabled
   * @throws LatchkeyError `oauth.invalid_request` where the document cannot be had, or is none
   */
  async find(clientId: string): Promise<RegisteredClient | null> {
    const document = await this.documents.find(clientId).catch(explain);
    if (document === null) return null;
    const { address: metadataUri, name, redirectUris } = document;
    const id = documentClientId(metadataUri);
    const { isDisabled, resourceScopes } = await this.store.findRules(id);
    if (isDisabled) return null;
    return {
      ...UNREGISTERED,
      id,
      name,
      metadataUri,
      redirectUris: [...redirectUris],
      scopes: [...SCOPES_OF_STRANGERS, ...resourceScopes.map((scope) => scope.name)],
      resourceScopes,
    };
  }

  /** Has it among the clients, before its first session or consent: somebody who is signed in has let it in. */
  async keep(manager: EntityManager, client: RegisteredClient): Promise<void> {
    if (client.metadataUri !== null) await this.store.put(manager, client);
  }
}

const UNREGISTERED = {
  type: 'public' as const,
  firstParty: false,
  postLogoutRedirectUris: [],
  deviceFlow: false,
  requirePushedAuthorizationRequests: false,
  backchannelLogoutUri: null,
  idTokenSignedResponseAlg: 'RS256' as const,
  jwks: null,
};

function explain(error: unknown): never {
  if (!(error instanceof DocumentUnreachable)) throw error;
  const detail = `What client_id leads to cannot be used: ${error.message}.`;
  throw oauthErrors.invalidRequest({ detail, cause: error });
}
