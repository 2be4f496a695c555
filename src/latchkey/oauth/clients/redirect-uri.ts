import { ValidateBy, type ValidationOptions } from 'class-validator';

export const MAX_REDIRECT_URI_LENGTH = 500;

/** What an address is written in: no space, no control character, and nothing that parsers read differently. */
const PLAIN = /^[!-~]+$/;
/** The port is free for programs that listen on this machine (RFC 8252 section 7.3). */
const LOOPBACK = /^(http:\/\/(?:127\.0\.0\.1|\[::1\]|localhost))(?::\d{1,5})?(?=[/?]|$)/;
/** Of an app's own: a domain, reversed (RFC 8252 section 7.1). */
const PRIVATE_SCHEME = /^[a-z][a-z0-9-]*(?:\.[a-z0-9-]+)+:$/;

/**
 * Whether answers may be sent there: https, plain http on this machine alone, or a scheme of an app's own. No
 * fragment (RFC 6749 section 3.1.2), no user, no wildcard host.
 */
export function isRedirectUri(text: string): boolean {
  if (text.length > MAX_REDIRECT_URI_LENGTH || !PLAIN.test(text) || /[\\#]/.test(text))
    return false;
  if (LOOPBACK.test(text)) return URL.canParse(text);
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  if (username !== '' || password !== '' || hostname.includes('*')) return false;
  if (protocol === 'https:') return text.startsWith('https://');
  return PRIVATE_SCHEME.test(protocol);
}

/** Compares to the letter (RFC 9700 section 4.1.3), but for the port of this machine. */
export function isRegistered(registered: readonly string[], asked: string): boolean {
  return registered.some((uri) => withoutLoopbackPort(uri) === withoutLoopbackPort(asked));
}

/** Whether an answer sent there stays on the machine of the browser, where any program may listen. */
export function isLoopback(uri: string): boolean {
  return LOOPBACK.test(uri);
}

function withoutLoopbackPort(uri: string): string {
  return uri.replace(LOOPBACK, '$1');
}

/** See `isRedirectUri`. */
export function IsRedirectUri(options?: ValidationOptions): PropertyDecorator {
  return ValidateBy(
    {
      name: 'isRedirectUri',
      validator: {
        validate: (value: unknown) => typeof value === 'string' && isRedirectUri(value),
        defaultMessage: () =>
          '$property must be addresses such as https://app.example.com/callback: https, http on this machine alone, or a scheme such as com.example.app; without a fragment',
      },
    },
    options,
  );
}

/** Whether a server of the client's can be called there: https, or plain http on this machine. */
export function isServerAddress(text: string): boolean {
  return isRedirectUri(text) && (text.startsWith('https://') || isLoopback(text));
}

/** See `isServerAddress`. */
export function IsServerAddress(): PropertyDecorator {
  return ValidateBy({
    name: 'isServerAddress',
    validator: {
      validate: (value: unknown) => typeof value === 'string' && isServerAddress(value),
      defaultMessage: () =>
        '$property must be an address such as https://app.example.com/path: https, or http on this machine alone; without a fragment',
    },
  });
}
