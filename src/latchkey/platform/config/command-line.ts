import { basename } from 'node:path';

/** The image has one command for everything, which `bin/latchkey.mjs` is. */
export const IMAGE_COMMAND = 'latchkey';

/** How commands are called where this process runs: in the image, or in a clone. */
export function commandLine(): string {
  const program = basename(process.argv[1] ?? '', '.mjs');
  return program === IMAGE_COMMAND ? IMAGE_COMMAND : 'npm run cli --';
}
