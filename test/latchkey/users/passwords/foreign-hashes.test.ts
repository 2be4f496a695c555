import { describe, expect, it } from 'vitest';
import { readHash } from '../../../../src/latchkey/users/passwords/hashing/read-hash.js';

const PASSWORD = 'seven grüne kites';

/** Made by libxcrypt, argon2's reference code and Python's hashlib. */
const HASHES = {
  'argon2id with another cost':
    '$argon2id$v=19$m=64,p=2,t=1$NCZYJsbPHHEpKpa/Ova2Zg$9C1MsbqBANH5Kq5dtAkk6gKASI2FCDcpoFM8rRzEsq4',
  'bcrypt 2a': '$2a$04$abcdefghijklmnopqrstuuNFE.FDR0AS4CK2QDm/wTybRl7Ijhw.2',
  'bcrypt 2b': '$2b$04$abcdefghijklmnopqrstuuNFE.FDR0AS4CK2QDm/wTybRl7Ijhw.2',
  'bcrypt with bits of padding, of old passlib':
    '$2b$04$abcdefghijklmnopqrstuvNFE.FDR0AS4CK2QDm/wTybRl7Ijhw.3',
  'bcrypt 2y': '$2y$04$abcdefghijklmnopqrstuuNFE.FDR0AS4CK2QDm/wTybRl7Ijhw.2',
  scrypt:
    '$scrypt$ln=10,r=8,p=1$c2l4dGVlbiBieXRlIHNsdA$Ms4Ljdag94dbZsAvXRoLt9NwiVW1Yaa5wwuqMlXGEhM',
  'scrypt of Django':
    'scrypt$1024$saltOfDjango$8$1$jTHtw77UAWEBqMyqTj7unvPyZfbEhBeCjlfuy9LZQV8AMP0RZZkSkCd07ZdtXWFfYTHPi2BwTSx439yJjDicSQ==',
  'PBKDF2 with SHA-1': '$pbkdf2-sha1$i=1000$c2l4dGVlbiBieXRlIHNsdA$Myt2Zf6gFtx31yugzj7NLAquyu8',
  'PBKDF2 with SHA-256':
    '$pbkdf2-sha256$i=1000$c2l4dGVlbiBieXRlIHNsdA$+tSRUrh6xkwZKmTsmn6ra4VprAsXBx50uDzIqWzuUdM',
  'PBKDF2 with SHA-512':
    '$pbkdf2-sha512$i=1000$c2l4dGVlbiBieXRlIHNsdA$MGGwpCZ95KcbkygepDsWDAxeQLX5FkUBJ59RoNP8eeyKLGoz+T+0taRe6LRRfUNvAPzye6eWkFa8/5cObBDRxA',
  'PBKDF2 of passlib':
    '$pbkdf2-sha256$1000$....//vvvv/7777/..../w$wR8de79LEH5IeJoHkpwsKConb4J9bcGkHlbX06CV/ZY',
  'PBKDF2 of passlib, SHA-1': '$pbkdf2$1000$....//vvvv/7777/..../w$bQhT/MXlYTJhYQESiJKxk42zsJ0',
  'PBKDF2 of Django':
    'pbkdf2_sha256$1000$saltOfDjango$3rIfJfsxYoelo1YdSRxqzd37J05F/GOWqJIDJlAZASA=',
};
const KINDS = Object.entries(HASHES);

function read(text: string) {
  const hash = readHash(text);
  if (hash === null) throw new Error(`Not read: ${text}`);
  return hash;
}

describe('a hash that another system made', () => {
  it.each(KINDS)('%s: is met by its password and by no other', async (_, text) => {
    const hash = read(text);
    expect(hash.tooExpensive).toBeUndefined();
    expect(await hash.matches(PASSWORD)).toBe(true);
    for (const other of ['', 'seven green kites', `${PASSWORD} `, PASSWORD.toUpperCase()]) {
      expect(await hash.matches(other)).toBe(false);
    }
  });

  it.each(KINDS)('%s: is met as well in the form that is stored', async (_, text) => {
    const stored = read(text).text;
    expect(stored).toMatch(/^\$(argon2id|2b|scrypt|pbkdf2-sha(1|256|512))\$/);
    expect(read(stored).text).toBe(stored);
    expect(await read(stored).matches(PASSWORD)).toBe(true);
  });

  it.each(KINDS)('%s: has decoys of its cost that nobody’s password meets', async (_, text) => {
    const costOf = (hash: string) => hash.split(/[$,]/).filter((part) => /^\d+$|=/.test(part));
    const stored = read(text).text;
    const decoy = read(text).decoy();
    expect(read(decoy.text).text).toBe(decoy.text);
    expect([decoy.text.length, costOf(decoy.text)]).toEqual([stored.length, costOf(stored)]);
    expect(decoy.text).not.toBe(read(text).decoy().text);
    expect(await decoy.matches(PASSWORD)).toBe(false);
  });
});

describe('bcrypt reads 72 bytes of a password', () => {
  it('so that who knows those knows enough, until the hash is replaced', async () => {
    // Of 72 times x, by libxcrypt.
    const hash = read('$2b$04$abcdefghijklmnopqrstuubzadhGtS2zEF.gu0yd0opP6cVzb.e0i');
    expect(await hash.matches('x'.repeat(72))).toBe(true);
    expect(await hash.matches(`${'x'.repeat(72)} and more`)).toBe(true);
    expect(await hash.matches('x'.repeat(71))).toBe(false);
  });
});

describe('no hash that can be verified is', () => {
  const SALT = 'c2l4dGVlbiBieXRlIHNsdA';
  const DIGEST = 'Ms4Ljdag94dbZsAvXRoLt9NwiVW1Yaa5wwuqMlXGEhM';

  it.each([
    ['nothing', ''],
    ['plain text', PASSWORD],
    ['a bare digest', '5f4dcc3b5aa765d61d8327deb882cf99'],
    ['bcrypt cut short', '$2b$10$abcdefghijklmnopqrstuuNFE.FDR0AS4CK2QDm'],
    ['bcrypt below its own least cost', `$2b$03$${'a'.repeat(53)}`],
    ['bcrypt of a kind known to be broken', `$2x$10$${'a'.repeat(53)}`],
    ['argon2i', `$argon2i$v=19$m=64,t=1,p=1$${SALT}$${DIGEST}`],
    ['scrypt without cost', `$scrypt$ln=0,r=8,p=1$${SALT}$${DIGEST}`],
    ['scrypt of Django with an N that is no power of two', `scrypt$1000$saltsalt$8$1$${DIGEST}`],
    ['scrypt with a digest that chance would meet', `$scrypt$ln=4,r=8,p=1$${SALT}$AAAA`],
    ['scrypt with an empty digest', `$scrypt$ln=4,r=8,p=1$${SALT}$`],
    ['PBKDF2 with a salt that is none', `$pbkdf2-sha256$i=1000$AA$${DIGEST}`],
    ['PBKDF2 without iterations', `$pbkdf2-sha256$i=0$${SALT}$${DIGEST}`],
    ['PBKDF2 with MD5', `$pbkdf2-md5$i=1000$${SALT}$${DIGEST}`],
    ['a line more', `${HASHES['bcrypt 2b']}\n`],
    ['argon2id without memory', `$argon2id$v=19$m=0,t=1,p=1$${SALT}$${DIGEST}`],
    ['argon2id without memory for each lane', `$argon2id$v=19$m=64,t=1,p=9$${SALT}$${DIGEST}`],
    ['argon2id without a pass', `$argon2id$v=19$m=64,t=0,p=1$${SALT}$${DIGEST}`],
    ['argon2id without a lane', `$argon2id$v=19$m=64,t=1,p=0$${SALT}$${DIGEST}`],
    ['argon2id with a parameter twice', `$argon2id$v=19$m=64,m=64,t=1$${SALT}$${DIGEST}`],
    ['argon2id with parameters run together', `$argon2id$v=19$m=64t=1p=1$${SALT}$${DIGEST}`],
    ['scrypt with an N that its r does not allow', `$scrypt$ln=16,r=1,p=1$${SALT}$${DIGEST}`],
    ['text of any length', `$pbkdf2-sha256$i=1${'0'.repeat(100_000)}`],
  ])('%s', (_, text) => {
    expect(readHash(text)).toBeNull();
  });
});

describe('a hash costs too much to be taken over', () => {
  const SALT_AND_DIGEST = 'c2l4dGVlbiBieXRlIHNsdA$Ms4Ljdag94dbZsAvXRoLt9NwiVW1Yaa5wwuqMlXGEhM';

  it.each([
    [`$2b$14$${'a'.repeat(53)}`, `$2b$15$${'a'.repeat(53)}`, 'a cost of 14'],
    [
      `$scrypt$ln=17,r=8,p=2$${SALT_AND_DIGEST}`,
      `$scrypt$ln=17,r=8,p=3$${SALT_AND_DIGEST}`,
      'times p 2^21',
    ],
    [
      `$scrypt$ln=16,r=16,p=1$${SALT_AND_DIGEST}`,
      `$scrypt$ln=30,r=8,p=1$${SALT_AND_DIGEST}`,
      'N times r 2^20',
    ],
    [
      `$pbkdf2-sha256$i=2000000$${SALT_AND_DIGEST}`,
      `$pbkdf2-sha256$i=2000001$${SALT_AND_DIGEST}`,
      '2000000 iterations',
    ],
    [
      `$pbkdf2-sha1$i=1000000$${SALT_AND_DIGEST}`,
      `$pbkdf2-sha1$i=1000001$${SALT_AND_DIGEST}`,
      'for each block of the digest',
    ],
    [
      `$argon2id$v=19$m=262144,t=4,p=1$${SALT_AND_DIGEST}`,
      `$argon2id$v=19$m=262144,t=5,p=1$${SALT_AND_DIGEST}`,
      'm times t 1048576',
    ],
  ])('%s does not, %s does', (dear, tooExpensive, limit) => {
    expect(read(dear).tooExpensive).toBeUndefined();
    expect(read(tooExpensive).tooExpensive).toContain(limit);
  });
});
