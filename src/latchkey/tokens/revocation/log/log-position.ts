/**
 * How far a reader has come in the log. Transactions commit in another order than they take ids: the
 * snapshot says exactly which of them the reader has seen, so that no time has to be left for them.
 */
export interface LogPosition {
  /** What Postgres calls a `pg_snapshot`, taken before the last reading. */
  readonly snapshot: string;
  readonly highestId: number;
  /** When the row with the highest id was written: tells it from another one with the same id. */
  readonly writtenAt: string | null;
}

/** Nothing has been read. */
export const LOG_START: LogPosition = { snapshot: '1:1:', highestId: 0, writtenAt: null };

const SNAPSHOT = /^[1-9]\d{0,18}:[1-9]\d{0,18}:[\d,]*$/;

/** Null when the text was written by another version of Latchkey, or is not a position at all. */
export function findLogPosition(text: string | null): LogPosition | null {
  const [snapshot, highestId, writtenAt = null] = listOf(text);
  if (typeof snapshot !== 'string' || !SNAPSHOT.test(snapshot)) return null;
  if (typeof highestId !== 'number' || !Number.isSafeInteger(highestId)) return null;
  if (writtenAt !== null && typeof writtenAt !== 'string') return null;
  return { snapshot, highestId, writtenAt };
}

export function writeLogPosition({ snapshot, highestId, writtenAt }: LogPosition): string {
  return JSON.stringify([snapshot, highestId, writtenAt]);
}

function listOf(text: string | null): unknown[] {
  try {
    const parsed: unknown = JSON.parse(text ?? 'null');
    return Array.isArray(parsed) ? parsed : [];
  } catch {
    return [];
  }
}
