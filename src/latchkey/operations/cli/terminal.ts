import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { StartupError } from '../../platform/errors/startup-error.js';
import { printable } from '../../platform/http/validation/plain-text.js';

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

/** A line to standard output: what the command was asked for, and nothing else. */
export function print(line: string): void {
  process.stdout.write(`${printable(line)}\n`);
}

/** A line to standard error: progress, and what went wrong. */
export function complain(line: string): void {
  process.stderr.write(`${printable(line)}\n`);
}

/** Many lines, no faster than they are read. The reader may stop at any time, as `head` does. */
export async function writeTo(output: Writable, lines: AsyncIterable<string>): Promise<void> {
  try {
    await pipeline(lines, output, { end: output !== process.stdout });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error;
  }
}
