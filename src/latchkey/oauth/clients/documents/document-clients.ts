import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { oauthErrors } from '../../oauth.errors.js';
import type { RegisteredClient } from '../oauth-clients.js';
import { scopesOfUnregistered } from '../unregistered.js';
import { documentClientId } from './client-document.js';
import { ClientDocuments } from './client-documents.js';
import { type DocumentClientRules, DocumentClientStore } from './document-client-store.js';
import { DocumentUnreachable } from './fetch-document.js';

/** What a stranger may ask for: the same as every other. */
type Rules = DocumentClientRules & Pick<RegisteredClient, 'scopes'>;

/**
 * Clients that nobody has registered: an address says who they are (draft-ietf-oauth-client-id-metadata-document), or
 * they have said so themselves.
 */
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
    const { isDisabled, resourceScopes, scopes } = await this.mayAsk(id);
    if (isDisabled) return null;
    return {
      ...UNREGISTERED,
      id,
      name,
      metadataUri,
      redirectUris: [...redirectUris],
      scopes,
      resourceScopes,
    };
  }

  async mayAsk(id: string): Promise<Rules> {
    const rules = await this.store.findRules(id);
    return { ...rules, scopes: scopesOfUnregistered(rules.resourceScopes) };
  }

  /** One that has registered itself may ask for what there is now, and not what there was then. */
  async asOfNow(client: RegisteredClient): Promise<RegisteredClient> {
    if (!client.selfRegistered) return client;
    const { scopes, resourceScopes } = await this.mayAsk(client.id);
    return { ...client, scopes, resourceScopes };
  }

  /** Has it among the clients, before its first session or consent: somebody who is signed in has let it in. */
  async keep(manager: EntityManager, client: RegisteredClient): Promise<void> {
    if (client.metadataUri !== null) await this.store.put(manager, client);
    if (client.selfRegistered) await this.store.putScopes(manager, client.id, client.scopes);
  }
}

const UNREGISTERED = {
  selfRegistered: false,
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
