/** The id before every entry of a stream. */
export const STREAM_START = '0-0';

/** Ids of stream entries are `<milliseconds>-<sequence>`. Negative when `a` comes first. */
export function compareStreamIds(a: string, b: string): number {
  const [aTime = '0', aSequence = '0'] = a.split('-');
  const [bTime = '0', bSequence = '0'] = b.split('-');
  return Number(aTime) - Number(bTime) || Number(aSequence) - Number(bSequence);
}

/** When an entry was added, by Redis' own clock, in milliseconds since the epoch. */
export function timeOfStreamId(id: string): number {
  return Number(id.split('-')[0]);
}
