import { UNPRINTABLE } from '../../platform/http/validation/plain-text.js';

const UNPRINTABLES = new RegExp(UNPRINTABLE.source, 'gu');

/**
 * The one way in which commands write to a terminal. What was stored or typed stays one line and moves
 * nothing: a control character is shown as JSON writes it, so that JSON stays the same JSON.
 */
export function printable(line: string): string {
  return line.replace(UNPRINTABLES, escaped);
}

/** A line to standard output. */
export function print(line: string): void {
  process.stdout.write(`${printable(line)}\n`);
}

/** A line to standard error: progress, and what went wrong. */
export function complain(line: string): void {
  process.stderr.write(`${printable(line)}\n`);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
