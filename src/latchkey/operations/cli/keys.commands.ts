import { parseArgs } from 'node:util';
import { OPERATOR } from '../../audit/actor.js';
import { StartupError } from '../../platform/errors/startup-error.js';
import { KeyDirectory } from '../../tokens/keys/admin/key-directory.js';
import type { KeyView } from '../../tokens/keys/admin/keys.dto.js';
import { KID } from '../../tokens/keys/admin/kid.pipe.js';
import { writePublicKeyFiles } from '../../tokens/keys/public-key-files.js';
import { RevokeKey } from '../../tokens/keys/rotation/revoke-key.js';
import { RotateKeys } from '../../tokens/keys/rotation/rotate-keys.js';
import { SigningKeys } from '../../tokens/keys/signing-keys.js';
import type { Command } from './command.js';
import { type Column, writeList } from './table.js';
import { print } from './terminal.js';

const MOST_KEYS = 100;

const KEY_COLUMNS: readonly Column<KeyView>[] = [
  { title: 'kid', width: 43, of: ({ kid }) => kid },
  { title: 'algorithm', width: 9, of: ({ algorithm }) => algorithm },
  { title: 'status', width: 7, of: ({ status }) => status },
  { title: 'published', width: 0, of: ({ createdAt }) => createdAt },
];

const listKeysCommand: Command = {
  name: 'keys list',
  usage: '[--json]',
  summary: 'List the signing keys, the newest first. --json: an object a line.',
  async run(args, application) {
    const { values } = parseArgs({ args, options: { json: { type: 'boolean' } } });
    const { items } = await (await application()).get(KeyDirectory).list({ limit: MOST_KEYS });
    await writeList(items, KEY_COLUMNS, values);
  },
};

const rotateKeysCommand: Command = {
  name: 'keys rotate',
  usage: '[--force]',
  summary: 'Rotate: the next key signs. --force: even if verifiers may not know it yet.',
  async run(args, application) {
    const { values } = parseArgs({ args, options: { force: { type: 'boolean' } } });
    const rotation = (await application()).get(RotateKeys);
    const kid = await rotation.rotate(OPERATOR, values.force === true);
    print(`${kid} signs now; the former key verifies until its tokens expire.`);
  },
};

const revokeKeyCommand: Command = {
  name: 'keys revoke',
  usage: '<kid> [--reason text]',
  summary:
    'Revoke a key: every token that it signed is refused at once; sessions go on and refresh.',
  async run(args, application) {
    // One kid in 64 begins with a dash: it must not be read as an option.
    const at = args.findIndex((arg, index) => KID.test(arg) && args[index - 1] !== '--reason');
    const kid = args[at];
    if (kid === undefined) throw new StartupError('Say which key: its kid is in keys list');
    const { values } = parseArgs({
      args: args.toSpliced(at, 1),
      options: { reason: { type: 'string' } },
    });
    await (await application()).get(RevokeKey).revoke(kid, OPERATOR, values.reason);
    print(`${kid} is revoked.`);
  },
};

export const keysCommands: readonly Command[] = [
  listKeysCommand,
  rotateKeysCommand,
  revokeKeyCommand,
];

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
