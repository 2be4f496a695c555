import { randomUUID } from 'node:crypto';
import type { Principal } from '../../access/principal.js';
import { bearerTokenOf } from '../../access/verification/bearer-token.js';
import { LatchkeyError } from '../../platform/errors/latchkey-error.js';
import { toProblem } from '../../platform/errors/problem.js';
import type { ProtectedResource } from './protected-resource.js';
import type { CallerDemands, VerifyAccessToken } from './verify-access-token.js';

/** What `req.auth` is to servers of MCP, and to whoever else reads it. */
export interface RequestAuthorization {
  readonly token: string;
  readonly clientId: string;
  readonly scopes: string[];
  /** Seconds since the epoch. */
  readonly expiresAt: number;
  readonly extra: { readonly principal: Principal };
}

/** A request of Node's http or of Express, which a token has come with: by its members, so that it takes no types of either. */
export interface ProtectedRequest {
  readonly url?: string | undefined;
  readonly originalUrl?: string | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  auth?: RequestAuthorization;
  principal?: Principal;
}

/** What a refusal is written to: a `ServerResponse` of Node's http, or Express's. */
export interface ProtectedResponse {
  writeHead(status: number, headers: Record<string, string>): { end(text: string): unknown };
}

/** Of the form that Express and Connect take; a plain server of Node's http hands in what is to happen next. */
export type RequestHandler = (
  request: ProtectedRequest,
  response: ProtectedResponse,
  next: (error?: unknown) => void,
) => void;

/** What a server that only verifies goes by. */
export interface ProtectedBy {
  readonly verify: VerifyAccessToken;
  readonly protectedResource: ProtectedResource;
}

/** See `AccessTokenVerifier.protect`. */
export function protectRequests(
  ready: Promise<ProtectedBy>,
  demands: CallerDemands,
): RequestHandler {
  return (request, response, next) => {
    ready
      .then((server) => admit(server, demands, request, response))
      .then((isAdmitted) => isAdmitted && next(), next);
  };
}

/** @returns whether the request may go on; where not, it has been answered */
async function admit(
  { verify, protectedResource }: ProtectedBy,
  demands: CallerDemands,
  request: ProtectedRequest,
  response: ProtectedResponse,
): Promise<boolean> {
  const [path = ''] = (request.originalUrl ?? request.url ?? '').split('?');
  if (protectedResource.isAt(path)) {
    sendMetadata(protectedResource, response);
    return false;
  }
  try {
    const token = bearerTokenOf(request) ?? undefined;
    const principal = await verify.verify(token, demands);
    request.principal = principal;
    request.auth = authorizationOf(token ?? '', principal);
    return true;
  } catch (error) {
    if (!(error instanceof LatchkeyError)) throw error;
    refuse(error, protectedResource, response);
    return false;
  }
}

function sendMetadata({ metadata }: ProtectedResource, response: ProtectedResponse): void {
  response
    .writeHead(200, {
      'Content-Type': 'application/json; charset=utf-8',
      'Access-Control-Allow-Origin': '*',
      'Cache-Control': 'public, max-age=3600',
    })
    .end(JSON.stringify(metadata));
}

function refuse(
  error: LatchkeyError,
  resource: ProtectedResource,
  response: ProtectedResponse,
): void {
  const challenge = resource.challengeFor(error);
  const { retryAfterSeconds } = error;
  response
    .writeHead(error.definition.status, {
      'Content-Type': 'application/problem+json; charset=utf-8',
      'Cache-Control': 'no-store',
      ...(challenge !== undefined && { 'WWW-Authenticate': challenge }),
      ...(retryAfterSeconds !== undefined && {
        'Retry-After': String(Math.ceil(retryAfterSeconds)),
      }),
    })
    .end(JSON.stringify(toProblem(error, randomUUID())));
}

function authorizationOf(token: string, principal: Principal): RequestAuthorization {
  const { clientId, expiresAt, claims } = principal;
  const scopes = typeof claims.scope === 'string' ? claims.scope.split(' ') : [];
  return { token, clientId, scopes, expiresAt, extra: { principal } };
}
