import type { Principal } from '../../../access/principal.js';

/** No version that was counted up gets near: what is higher was made up. */
const HIGHEST_VERSION = 1_000_000_000;

export function isVersion(version: number | null): version is number {
  return version !== null && version <= HIGHEST_VERSION;
}

/** How a revocation is written down, in the durable log and in messages alike. */
export interface RevocationRecord {
  readonly kind: string;
  readonly subject: string;
  /** A version or a moment in milliseconds. */
  readonly version: number | null;
}

/** Whom a token is to be issued to. */
export type VersionedSubject = Pick<Principal, 'userId' | 'sessionId' | 'roles' | 'withheld'>;

/** What a known revocation says about a token; undefined: nothing. */
export type Objection = 'revoked' | 'stale' | undefined;

/** The live revocations of one kind, in memory. */
export interface RevocationIndex<R> {
  /** How many entries it holds. */
  readonly size: number;
  /** Whether adding this one would change nothing. */
  covers(revocation: R): boolean;
  add(revocation: R): void;
  /** Asked on every request: a look-up or two, no allocation. */
  objectionTo(principal: Principal): Objection;
  /** Of a kind that raises versions: the lowest that does not make such a token stale. */
  leastVersion?(subject: VersionedSubject): number;
}

/** Everything the machinery needs to know about one kind of revocation. */
export interface RevocationKind<R> {
  write(revocation: R): Omit<RevocationRecord, 'kind'>;
  /** Null when the record does not make sense: it may come from another version of Latchkey. */
  read(record: RevocationRecord): R | null;
  createIndex(): RevocationIndex<R>;
}
