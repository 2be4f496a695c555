import type { Revocation } from './revocation.js';
import { findRevocation, toRecord } from './revocation-kinds.js';

/** Where in Redis the feed is. */
export const REVOCATION_STREAM = 'latchkey:revocations';
/** The one field of every message. */
export const MESSAGE_FIELD = 'revocations';

const MAX_PER_MESSAGE = 500;

/** The messages that carry these revocations: JSON lists of `[kind, subject, version]`. */
export function encodeMessages(revocations: readonly Revocation[]): string[] {
  const messages: string[] = [];
  for (let start = 0; start < revocations.length; start += MAX_PER_MESSAGE) {
    const records = revocations.slice(start, start + MAX_PER_MESSAGE).map(toRecord);
    messages.push(
      JSON.stringify(records.map(({ kind, subject, version }) => [kind, subject, version])),
    );
  }
  return messages;
}

export interface DecodedMessage {
  readonly revocations: readonly Revocation[];
  /** How many parts of it could not be understood. */
  readonly skipped: number;
}

/**
 * What a message says. Redis is trusted to revoke, so nothing that it says can do more than that;
 * what this version does not understand is counted and left out.
 */
export function decodeMessage(fields: readonly string[]): DecodedMessage {
  const at = fields.findIndex((name, index) => index % 2 === 0 && name === MESSAGE_FIELD);
  const parts = parseList(fields[at + 1]);
  if (at === -1 || parts === null) return { revocations: [], skipped: 1 };
  const revocations = parts.map(decodePart).filter((revocation) => revocation !== null);
  return { revocations, skipped: parts.length - revocations.length };
}

function parseList(text: string | undefined): unknown[] | null {
  try {
    const parsed: unknown = JSON.parse(text ?? '');
    return Array.isArray(parsed) ? parsed : null;
  } catch {
    return null;
  }
}

function decodePart(part: unknown): Revocation | null {
  if (!Array.isArray(part)) return null;
  const [kind, subject, version = null] = part as unknown[];
  if (typeof kind !== 'string' || typeof subject !== 'string') return null;
  if (version !== null && !Number.isSafeInteger(version)) return null;
  return findRevocation({ kind, subject, version: version as number | null });
}
