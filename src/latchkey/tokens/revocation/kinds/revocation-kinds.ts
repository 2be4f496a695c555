import { globalCutoffKind } from './global-cutoffs.js';
import { keyPublishedKind } from './published-keys.js';
import { roleVersionKind } from './raised-role-versions.js';
import { sessionVersionKind } from './raised-session-versions.js';
import { userVersionKind } from './raised-user-versions.js';
import type { Revocation } from './revocation.js';
import type { RevocationIndex, RevocationKind, RevocationRecord } from './revocation-kind.js';
import { keyKind } from './revoked-keys.js';
import { sessionKind } from './revoked-sessions.js';
import { userCutoffKind } from './user-cutoffs.js';

type Kinds = {
  readonly [Kind in Revocation['kind']]: RevocationKind<Extract<Revocation, { kind: Kind }>>;
};

/** Every kind of revocation there is. */
const KINDS: Kinds = {
  session: sessionKind,
  'user-cutoff': userCutoffKind,
  'global-cutoff': globalCutoffKind,
  'user-version': userVersionKind,
  'session-version': sessionVersionKind,
  'role-version': roleVersionKind,
  key: keyKind,
  'key-published': keyPublishedKind,
};

/** The machinery treats all kinds alike; `KINDS` above is what ties each to its own type. */
const kinds = new Map(Object.entries(KINDS)) as Map<string, RevocationKind<Revocation>>;

export function toRecord(revocation: Revocation): RevocationRecord {
  return { kind: revocation.kind, ...kindOf(revocation.kind).write(revocation) };
}

/** Null when the record is of no kind that this version knows, or does not make sense. */
export function findRevocation(record: RevocationRecord): Revocation | null {
  return kinds.get(record.kind)?.read(record) ?? null;
}

export function createIndex(kind: Revocation['kind']): RevocationIndex<Revocation> {
  return kindOf(kind).createIndex();
}

function kindOf(name: Revocation['kind']): RevocationKind<Revocation> {
  const kind = kinds.get(name);
  if (kind === undefined) throw new Error(`"${name}" is no kind of revocation.`);
  return kind;
}
