import { Injectable } from '@nestjs/common';
import { DocumentClients } from '../clients/documents/document-clients.js';
import { OAuthClients, type RegisteredClient } from '../clients/oauth-clients.js';
import { isRegistered } from '../clients/redirect-uri.js';
import { oauthErrors } from '../oauth.errors.js';
import type { AuthorizationParameters } from './authorization-parameters.js';
import { AuthorizationRefusal } from './authorization-refusal.js';
import type { KnownPlace } from './authorization-request.js';
import { TokenAudiences } from './token-audiences.js';

const UNKNOWN_CLIENT = 'client_id names no client that is active here.';
const UNKNOWN_URI =
  'redirect_uri is missing, or none that the client is registered with. It is compared to the letter.';

/** Finds who asks, and where the answer goes: until both are known, nothing is sent anywhere. */
@Injectable()
export class FindPlace {
  constructor(
    private readonly clients: OAuthClients,
    private readonly documentClients: DocumentClients,
    private readonly audiences: TokenAudiences,
  ) {}

  /** @throws LatchkeyError `oauth.invalid_request`, which is shown to the person */
  async find(
    parameters: AuthorizationParameters,
    { isPushed }: { readonly isPushed: boolean },
  ): Promise<KnownPlace> {
    const [clientId, redirectUri] = ['client_id', 'redirect_uri'].map((name) =>
      onlyOne(parameters, name),
    );
    const client = clientId === undefined ? null : await this.findClient(clientId);
    if (client === null) throw oauthErrors.invalidRequest({ detail: UNKNOWN_CLIENT });
    if (redirectUri === undefined || !isRegistered(client.redirectUris, redirectUri)) {
      throw oauthErrors.invalidRequest({ detail: UNKNOWN_URI });
    }
    return { client, redirectUri, isPushed, own: this.audiences.of(client) };
  }

  private async findClient(clientId: string): Promise<RegisteredClient | null> {
    const byDocument = await this.documentClients.find(clientId);
    if (byDocument !== null) return byDocument;
    const client = await this.clients.find(clientId);
    return client && this.documentClients.asOfNow(client);
  }
}

function onlyOne(parameters: AuthorizationParameters, name: string): string | undefined {
  try {
    return parameters.get(name);
  } catch (error) {
    if (!(error instanceof AuthorizationRefusal)) throw error;
    throw oauthErrors.invalidRequest({ detail: error.description });
  }
}
