import type { ApiClient, RequestOptions } from '../support/api-client.js';
import { PASSWORD } from './accounts.js';

export const COOKIE = '__Host-latchkey';

/** One Set-Cookie header, taken apart. */
export interface SetCookie {
  readonly name: string;
  readonly value: string;
  /** As they were written, in alphabetical order. */
  readonly attributes: string[];
}

/** The one cookie that an answer sets; null when it sets none. */
export function cookieOf({ headers }: { headers: Headers }): SetCookie | null {
  const [header, ...more] = headers.getSetCookie();
  if (more.length > 0) throw new Error(`${more.length + 1} cookies were set.`);
  if (header === undefined) return null;
  const [pair = '', ...attributes] = header.split('; ');
  const separator = pair.indexOf('=');
  return {
    name: pair.slice(0, separator),
    value: pair.slice(separator + 1),
    attributes: attributes.sort(),
  };
}

/** Signs in as a page of the server's own origin does. */
export function signInByCookie(api: ApiClient, email: string, options?: RequestOptions) {
  return api.post('/auth/login', { email, password: PASSWORD }, options);
}
