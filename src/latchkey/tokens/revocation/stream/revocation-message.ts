import type { RevocationEntry } from '../kinds/revocation.js';
import { findRevocation, toRecord } from '../kinds/revocation-kinds.js';

/** The one field of every message. */
export const MESSAGE_FIELD = 'revocations';

const MAX_PER_MESSAGE = 500;

/**
 * The messages that carry these revocations: JSON lists of
 * `[kind, subject, version, remainingSeconds]`.
 */
export function encodeMessages(entries: readonly RevocationEntry[]): string[] {
  const messages: string[] = [];
  for (let start = 0; start < entries.length; start += MAX_PER_MESSAGE) {
    messages.push(JSON.stringify(entries.slice(start, start + MAX_PER_MESSAGE).map(encodePart)));
  }
  return messages;
}

export interface DecodedMessage {
  readonly entries: readonly RevocationEntry[];
  /** How many parts of it could not be understood. */
  readonly skipped: number;
}

/**
 * What a message says. Redis is trusted to revoke, so nothing that it says can do more than that;
 * what this version does not understand is counted and left out.
 *
 * @param lifetimeSeconds the longest that any entry is needed: what the message says is capped by
 *   it, and it stands in where the message says nothing
 */
export function decodeMessage(fields: readonly string[], lifetimeSeconds: number): DecodedMessage {
  const at = fields.findIndex((name, index) => index % 2 === 0 && name === MESSAGE_FIELD);
  const parts = parseList(fields[at + 1]);
  if (at === -1 || parts === null) return { entries: [], skipped: 1 };
  const entries = parts
    .map((part) => decodePart(part, lifetimeSeconds))
    .filter((entry) => entry !== null);
  return { entries, skipped: parts.length - entries.length };
}

function encodePart({ revocation, remainingSeconds }: RevocationEntry): unknown[] {
  const { kind, subject, version } = toRecord(revocation);
  return [kind, subject, version, Math.ceil(remainingSeconds)];
}

function parseList(text: string | undefined): unknown[] | null {
  try {
    const parsed: unknown = JSON.parse(text ?? '');
    return Array.isArray(parsed) ? parsed : null;
  } catch {
    return null;
  }
}

function decodePart(part: unknown, lifetimeSeconds: number): RevocationEntry | null {
  if (!Array.isArray(part)) return null;
  const [kind, subject, version = null, seconds = lifetimeSeconds] = part as unknown[];
  if (typeof kind !== 'string' || typeof subject !== 'string') return null;
  if (version !== null && !Number.isSafeInteger(version)) return null;
  if (typeof seconds !== 'number') return null;
  const revocation = findRevocation({ kind, subject, version: version as number | null });
  return revocation && { revocation, remainingSeconds: Math.min(seconds, lifetimeSeconds) };
}
