import { printable } from '../http/validation/plain-text.js';

const NAMES: Readonly<Record<number, string>> = {
  10: 'TRACE',
  20: 'DEBUG',
  30: 'INFO',
  40: 'WARN',
  50: 'ERROR',
  60: 'FATAL',
};
const COLOURS: Readonly<Record<string, number>> = { WARN: 33, ERROR: 31, FATAL: 31 };

/**
 * A line of the log for a person at a terminal: time, level, where from, what, and the rest. What
 * came from outside stays on its line and moves nothing.
 *
 * @param line JSON as pino writes it
 * @returns with its end; an error's stack is on the lines after it
 */
export function readableLine(line: string, coloured: boolean): string {
  const { level, time, pid: _pid, hostname: _host, context, msg = '', ...rest } = JSON.parse(line);
  const name = NAMES[level] ?? String(level);
  const colour = coloured ? COLOURS[name] : undefined;
  const padded = name.padEnd(5);
  const { err: { stack, ...err } = {}, trace = stack, ...others } = rest;
  const details = Object.entries({ ...others, ...(rest.err && { err }) }).map(
    ([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  const head = [
    new Date(time).toTimeString().slice(0, 8),
    colour === undefined ? padded : `\x1b[${colour}m${padded}\x1b[0m`,
    printable([context && `${context}:`, msg, ...details].filter(Boolean).join(' ')),
  ].join(' ');
  const stackLines = typeof trace === 'string' ? trace.split('\n').slice(1) : [];
  return [head, ...stackLines.map(printable)].map((text) => `${text}\n`).join('');
}
