import { OPERATOR } from '../../audit/actor.js';
import { StartupError } from '../../platform/errors/startup-error.js';
import { KeyDirectory } from '../../tokens/keys/admin/key-directory.js';
import type { KeyView } from '../../tokens/keys/admin/keys.dto.js';
import { KID } from '../../tokens/keys/admin/kid.pipe.js';
import { writePublicKeyFiles } from '../../tokens/keys/public-key-files.js';
import { RevokeKey } from '../../tokens/keys/rotation/revoke-key.js';
import { RotateKeys } from '../../tokens/keys/rotation/rotate-keys.js';
import { SigningKeys } from '../../tokens/keys/signing-keys.js';
import { declareCommand } from './command.js';
import { type Column, JSON_LINES, writeList } from './table.js';
import { print } from './terminal.js';
import { argument, flag, required, text } from './values.js';

const MOST_KEYS = 100;

const KEY_COLUMNS: readonly Column<KeyView>[] = [
  { title: 'kid', width: 43, of: ({ kid }) => kid },
  { title: 'algorithm', width: 9, of: ({ algorithm }) => algorithm },
  { title: 'signs', width: 8, of: ({ purpose }) => purpose },
  { title: 'status', width: 7, of: ({ status }) => status },
  { title: 'published', width: 0, of: ({ createdAt }) => createdAt },
];

const listKeysCommand = declareCommand(
  {
    name: 'keys list',
    summary: 'List the signing keys, the newest first.',
    options: { json: JSON_LINES },
  },
  async ({ json }, application) => {
    const { items } = await (await application()).get(KeyDirectory).list({ limit: MOST_KEYS });
    await writeList(items, KEY_COLUMNS, { json });
  },
);

const rotateKeysCommand = declareCommand(
  {
    name: 'keys rotate',
    summary: 'Rotate: the next key signs, and the former one verifies until its tokens expire.',
    options: {
      force: flag('Even if verifiers may not know the next key yet.'),
      idTokens: flag('Those that sign ID tokens alone.'),
    },
  },
  async ({ force, idTokens }, application) => {
    const purpose = idTokens ? 'id_token' : 'access';
    const rotation = (await application()).get(RotateKeys);
    const kid = await rotation.rotate(OPERATOR, { purpose, force });
    print(`${kid} signs now; the former key verifies until its tokens expire.`);
  },
);

const revokeKeyCommand = declareCommand(
  {
    name: 'keys revoke',
    summary:
      'Revoke a key: every token that it signed is refused at once; sessions go on and refresh.',
    arguments: { kid: argument('kid', 'Which key: its kid is in keys list.', KID) },
    options: { reason: text('text', 'Why, for the audit trail.') },
  },
  async ({ kid, reason }, application) => {
    await (await application()).get(RevokeKey).revoke(kid, OPERATOR, reason);
    print(`${kid} is revoked.`);
  },
);

/** For verifiers that read keys from files and fetch no JWKS. */
const exportKeysCommand = declareCommand(
  {
    name: 'keys export',
    summary: 'Write the published public keys as <kid>.pem, and remove those that are gone.',
    options: { directory: required(text('path', 'Where to.')) },
    examples: ['keys export --directory /etc/haproxy/keys'],
  },
  async ({ directory }, application) => {
    const { keys } = (await application()).get(SigningKeys).jwks();
    if (keys.length === 0) throw new StartupError('With HS256 no key is published.');
    const { written, removed } = await writePublicKeyFiles(directory, keys);
    for (const kid of written) print(`${kid}.pem written`);
    for (const kid of removed) print(`${kid}.pem removed`);
  },
);

export const keysCommands = [
  listKeysCommand,
  rotateKeysCommand,
  revokeKeyCommand,
  exportKeysCommand,
];
