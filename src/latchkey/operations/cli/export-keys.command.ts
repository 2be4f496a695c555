import { parseArgs } from 'node:util';
import { StartupError } from '../../platform/errors/startup-error.js';
import { writePublicKeyFiles } from '../../tokens/keys/public-key-files.js';
import { SigningKeys } from '../../tokens/keys/signing-keys.js';
import type { Command } from './command.js';
import { print } from './print.js';

/** For verifiers that read keys from files and fetch no JWKS. */
export const exportKeysCommand: Command = {
  name: 'keys export',
  usage: '--directory <path>',
  summary: 'Write the published public keys as <kid>.pem, and remove those that are gone.',
  async run(args, application) {
    const { values } = parseArgs({ args, options: { directory: { type: 'string' } } });
    const { directory } = values;
    if (directory === undefined) {
      throw new StartupError('Say where to: keys export --directory <path>');
    }
    const { keys } = (await application()).get(SigningKeys).jwks();
    if (keys.length === 0) throw new StartupError('With HS256 no key is published.');
    const { written, removed } = await writePublicKeyFiles(directory, keys);
    for (const kid of written) print(`${kid}.pem written`);
    for (const kid of removed) print(`${kid}.pem removed`);
  },
};
