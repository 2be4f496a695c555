import { jsonOf, refusesToken } from './answers.js';
import type { ClientSession } from './client-session.js';
import type { HeldToken } from './held-token.js';
import { LatchkeyClientError } from './latchkey-client-error.js';
import { singleFlight, unlessAborted } from './single-flight.js';
import { demandOf, type OnStepUp } from './step-up.js';

/** Of these a server that is set up wrongly does not stop saying. */
const MAY_BE_REFUSED_FOREVER = /expired|invalid/;

/** `fetch` with the session's access token, for the origin of the base alone. */
export function authorizedFetch(base: URL, session: ClientSession, onStepUp?: OnStepUp) {
  const authorized = renewingFetch(base, session);
  if (onStepUp === undefined) return authorized;
  // Calls at once that are refused alike have the user asked once, also where a refusal comes late.
  let stepUps = 0;
  const askOnce = singleFlight(async (demand: string) => {
    const shown = await onStepUp(JSON.parse(demand));
    if (shown) stepUps++;
    return shown;
  });
  return async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const { request, repeat } = callOf(base, input, init);
    const before = stepUps;
    const response = await authorized(request);
    if (response.status !== 401 || repeat === undefined) return response;
    const demand = demandOf(await jsonOf(response.clone()));
    if (demand === null) return response;
    if (before === stepUps && !(await askOnce(JSON.stringify(demand)))) return response;
    await response.body?.cancel();
    return authorized(repeat());
  };
}

function renewingFetch(base: URL, session: ClientSession) {
  return async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const call = callOf(base, input, init);
    if (new URL(call.request.url).origin !== base.origin) throw otherOrigin(base);
    const { signal } = call.request;
    const token = await unlessAborted(session.token(), signal);
    const response = await send(call.request, token);
    if (token === null || !(await refuses(response, token))) return response;
    const next = await unlessAborted(session.renew(token), signal);
    if (next === null || call.repeat === undefined) return response;
    await response.body?.cancel();
    const repeated = await send(call.repeat(), next);
    next.refusedWhenNew = await refuses(repeated, next);
    return repeated;
  };
}

function send(request: Request, token: HeldToken | null): ReturnType<typeof fetch> {
  if (token !== null) request.headers.set('Authorization', `Bearer ${token.accessToken}`);
  return fetch(request);
}

async function refuses(response: Response, token: HeldToken): Promise<boolean> {
  if (response.status !== 401) return false;
  const code = String((await jsonOf(response.clone()))?.code);
  return refusesToken(code) && !(token.refusedWhenNew && MAY_BE_REFUSED_FOREVER.test(code));
}

function otherOrigin({ origin }: URL): LatchkeyClientError {
  return new LatchkeyClientError(
    'client.other_origin',
    `The access token is for ${origin} alone: call others with fetch itself.`,
  );
}

/** One request, and a second one like it if what it carries can be sent twice. */
export interface Call {
  readonly request: Request;
  readonly repeat?: () => Request;
}

/** Relative addresses are relative to the base. A `Request` is copied; a stream cannot be. */
export function callOf(
  base: URL,
  input: string | URL | Request,
  init: RequestInit | undefined,
): Call {
  const repeatable = !isStream(init?.body);
  if (!(input instanceof Request)) {
    const make = () => new Request(new URL(input, base), init);
    return repeatable ? { request: make(), repeat: make } : { request: make() };
  }
  if (!repeatable) return { request: new Request(input, init) };
  const copy = input.clone();
  return { request: new Request(input, init), repeat: () => new Request(copy, init) };
}

function isStream(body: unknown): boolean {
  return body instanceof ReadableStream || (body instanceof Object && Symbol.asyncIterator in body);
}
