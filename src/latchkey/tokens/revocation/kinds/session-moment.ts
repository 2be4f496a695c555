/** What a UUIDv7 can tell the time up to, exclusive: 48 bits of milliseconds. */
const END_OF_TIME_MS = 2 ** 48 - 1;

/**
 * The lowest id that a session can have which began after a moment. Ids are UUIDv7 (RFC 9562
 * section 5.7) in lower case: as texts they are in the order in which their sessions began, to the
 * millisecond, so that one comparison tells whether a session began by then.
 *
 * @param momentMilliseconds since the epoch, by the database's clock
 */
export function firstSessionIdAfter(momentMilliseconds: number): string {
  const time = (momentMilliseconds + 1).toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-0000-0000-000000000000`;
}

/** When a session began, in milliseconds since the epoch by the database's clock. */
export function momentOfSession(sessionId: string): number {
  return Number.parseInt(sessionId.slice(0, 8) + sessionId.slice(9, 13), 16);
}

/** Whether a session's id can tell this time. */
export function isMoment(momentMilliseconds: number | null): momentMilliseconds is number {
  return (
    Number.isSafeInteger(momentMilliseconds) &&
    Number(momentMilliseconds) >= 0 &&
    Number(momentMilliseconds) < END_OF_TIME_MS
  );
}
