/** The id before every entry of a stream. */
export const STREAM_START = '0-0';

/** When an entry was added, by Redis' own clock, in milliseconds since the epoch. */
export function timeOfStreamId(id: string): number {
  return Number(id.split('-')[0]);
}
