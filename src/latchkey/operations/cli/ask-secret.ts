import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { StartupError } from '../../platform/errors/startup-error.js';

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
