import type { IncomingHttpHeaders } from 'node:http';

/** Not asked for more often, whatever it says: strangers have it asked for. */
const LEAST_SECONDS = 60;
/** Asked for again after it, whatever it says: an address of an app may have been taken back. */
const MOST_SECONDS = 3_600;
const UNLESS_IT_SAYS_SECONDS = 300;

/** For how long a document may be used without asking again (RFC 9111 section 4.2), within bounds of ours. */
export function freshSecondsOf(headers: IncomingHttpHeaders): number {
  return Math.min(Math.max(statedBy(headers), LEAST_SECONDS), MOST_SECONDS);
}

function statedBy({ 'cache-control': control = '', expires, date, age }: IncomingHttpHeaders) {
  if (/(?:^|[\s,])no-(?:store|cache)(?:$|[\s,=])/i.test(control)) return 0;
  const used = Number(age) || 0;
  const [, stated] = /(?:^|[\s,])max-age="?(\d{1,9})/i.exec(control) ?? [];
  if (stated !== undefined) return Number(stated) - used;
  if (expires === undefined) return UNLESS_IT_SAYS_SECONDS;
  const lasts = Date.parse(expires) - Date.parse(date ?? '');
  return Number.isFinite(lasts) ? lasts / 1_000 - used : 0;
}
