import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { StartupError } from '../../platform/errors/startup-error.js';
import { UNPRINTABLE } from '../../platform/http/validation/plain-text.js';

/**
 * Asks for a secret on the terminal without echo; from a pipe it is the first line.
 *
 * @throws StartupError when nothing is entered
 */
export async function askSecret(
  question: string,
  input: NodeJS.ReadableStream & { readonly isTTY?: boolean } = process.stdin,
  output: NodeJS.WritableStream = process.stderr,
): Promise<string> {
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = input.isTTY === true;
  if (terminal) output.write(question);
  const lines = createInterface({ input, output: silent, terminal });
  lines.on('SIGINT', () => process.exit(130));
  const { value } = await lines[Symbol.asyncIterator]().next();
  lines.close();
  if (terminal) output.write('\n');
  if (value === undefined || value === '') throw new StartupError('No password was entered.');
  return value;
}

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
