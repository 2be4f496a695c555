import type { ApiClient, RequestOptions } from '../support/api-client.js';
import { PASSWORD } from './accounts.js';

export const COOKIE = '__Host-latchkey';
export const DEVICE_COOKIE = '__Host-latchkey-device';

/** One Set-Cookie header, taken apart. */
export interface SetCookie {
  readonly name: string;
  readonly value: string;
  /** As they were written, in alphabetical order. */
  readonly attributes: string[];
}

/** The one cookie that an answer sets; null when it sets none. */
export function cookieOf(answer: { headers: Headers }): SetCookie | null {
  const [cookie = null, ...more] = cookiesOf(answer);
  if (more.length > 0) throw new Error(`${more.length + 1} cookies were set.`);
  return cookie;
}

export function cookiesOf({ headers }: { headers: Headers }): SetCookie[] {
  return headers.getSetCookie().map(parse);
}

/** What a browser sends back of the cookies that an answer sets. */
export function cookieHeaderOf(answer: { headers: Headers }, ...names: string[]): string {
  const cookies = cookiesOf(answer).filter(
    ({ name }) => names.length === 0 || names.includes(name),
  );
  return cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
}

function parse(header: string): SetCookie {
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
