import { sessionsErrors } from './tokens.errors.js';

/** What a session can carry: short and flat. Numbers are whole. */
export type SessionValue = string | number | boolean | null;

/** All that features keep in a session, by the name that each has defined. */
export type StoredSessionData = Readonly<Record<string, Readonly<Record<string, SessionValue>>>>;

/** What a feature wants kept in a session; null: nothing any more. */
export interface NamedSessionData {
  readonly name: string;
  readonly values: Readonly<Record<string, SessionValue>> | null;
}

/** Of all features together, in bytes of JSON: it is read with every refresh. */
const MAX_BYTES = 1_024;

/**
 * Data of a feature's own in a session: see `defineSessionData`. It is as private as the session's row,
 * and reaches access tokens only by the claims that a `ClaimsContributor` makes of it.
 */
export class SessionData<Values extends { readonly [Key in keyof Values]: SessionValue }> {
  /** Nothing any more, for `SetSessionData`. */
  readonly none: NamedSessionData;

  /** Made by `defineSessionData`. */
  constructor(private readonly name: string) {
    this.none = { name, values: null };
  }

  /** For `CompleteSignIn` and `SetSessionData`. */
  with(values: Values): NamedSessionData {
    return { name: this.name, values: { ...values } };
  }

  /** What the session carries of it; undefined: nothing. */
  of({ data }: { readonly data: StoredSessionData }): Values | undefined {
    return data[this.name] as Values | undefined;
  }
}

const defined = new Set<string>();

/**
 * Declares what a feature keeps in sessions: what is chosen for one sign-in and not for the user, such as
 * the tenant that somebody works in on this device. 1,024 bytes of JSON for all features together.
 *
 * @example
 * ```ts
 * export const tenancy = defineSessionData<{ tenant: string }>('tenancy');
 * await this.signIn.complete(reply, { account, methods, delivery, data: [tenancy.with({ tenant })] });
 * await this.sessionData.set(user, tenancy.with({ tenant }));             later: see `SetSessionData`
 * tenancy.of(session)?.tenant                                             in a `ClaimsContributor`
 * ```
 * @throws Error when the name is not a word, or is defined already
 */
export function defineSessionData<Values extends { readonly [Key in keyof Values]: SessionValue }>(
  name: string,
): SessionData<Values> {
  if (!/^[a-z][a-z0-9_]{0,30}$/.test(name)) throw new Error(`"${name}" is no name for data.`);
  if (defined.has(name)) throw new Error(`There is data of sessions called "${name}" already.`);
  defined.add(name);
  return new SessionData(name);
}

/**
 * Puts named data into what a session carries.
 *
 * @throws LatchkeyError `sessions.data_unfit` when it would be too large, or has a value that cannot
 *   be stored
 */
export function mergeSessionData(
  present: StoredSessionData,
  changes: readonly NamedSessionData[],
): StoredSessionData {
  const merged: Record<string, Readonly<Record<string, SessionValue>>> = { ...present };
  for (const { name, values } of changes) {
    if (values === null) delete merged[name];
    else merged[name] = values;
    for (const [key, value] of Object.entries(values ?? {})) {
      if (isStorable(key) && isStorable(value)) continue;
      throw sessionsErrors.dataUnfit({ detail: `The value of ${name}.${key} cannot be stored.` });
    }
  }
  const bytes = Buffer.byteLength(JSON.stringify(merged));
  if (bytes > MAX_BYTES) {
    throw sessionsErrors.dataUnfit({ detail: `It has ${bytes} bytes, more than ${MAX_BYTES}.` });
  }
  return merged;
}

/** As Postgres can: no NUL, no half of a character; a number that JSON writes as it is written there. */
function isStorable(value: unknown): boolean {
  if (typeof value === 'string') return !value.includes('\0') && isWellFormed(value);
  return value === null || typeof value === 'boolean' || Number.isSafeInteger(value);
}

function isWellFormed(text: string): boolean {
  return Buffer.from(text).toString() === text;
}
