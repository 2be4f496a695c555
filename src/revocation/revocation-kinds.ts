import { globalCutoffKind } from './kinds/global-cutoffs.js';
import { roleVersionKind } from './kinds/raised-role-versions.js';
import { userVersionKind } from './kinds/raised-user-versions.js';
import { sessionKind } from './kinds/revoked-sessions.js';
import { userCutoffKind } from './kinds/user-cutoffs.js';
import type { Revocation } from './revocation.js';
import type { RevocationIndex, RevocationKind, RevocationRecord } from './revocation-kind.js';

type Kinds = {
  readonly [Kind in Revocation['kind']]: RevocationKind<Extract<Revocation, { kind: Kind }>>;
};

/** Every kind of revocation there is. */
const KINDS: Kinds = {
  session: sessionKind,
  'user-cutoff': userCutoffKind,
  'global-cutoff': globalCutoffKind,
  'user-version': userVersionKind,
  'role-version': roleVersionKind,
};

/** The machinery treats all kinds alike; `KINDS` above is what ties each to its own type. */
const kinds = new Map(Object.entries(KINDS)) as Map<string, RevocationKind<Revocation>>;

export function toRecord(revocation: Revocation): RevocationRecord {
  const kind = kinds.get(revocation.kind);
  if (kind === undefined) throw new Error(`"${revocation.kind}" is no kind of revocation.`);
  return { kind: revocation.kind, ...kind.write(revocation) };
}

/** Null when the record is of no kind that this version knows, or does not make sense. */
export function findRevocation(record: RevocationRecord): Revocation | null {
  return kinds.get(record.kind)?.read(record) ?? null;
}

export function createIndexes(): Map<string, RevocationIndex<Revocation>> {
  return new Map([...kinds].map(([name, kind]) => [name, kind.createIndex()]));
}
