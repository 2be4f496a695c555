import { Logger } from '@nestjs/common';
import { describe, expect, it } from 'vitest';
import { SteadyClock } from '../../../../src/latchkey/platform/clock/steady-clock.js';
import { HashingGate } from '../../../../src/latchkey/users/passwords/hashing/hashing-gate.js';
import { HashingProcess } from '../../../../src/latchkey/users/passwords/hashing/hashing-process.js';
import { PasswordHasher } from '../../../../src/latchkey/users/passwords/hashing/password-hasher.js';
import { PasswordsConfig } from '../../../../src/latchkey/users/passwords/passwords.config.js';

const CHEAP: Partial<PasswordsConfig> = { memoryKib: 64, timeCost: 1, priority: 'normal' };
const LANE = ['tests'];
const CHECK = { lane: LANE };
Logger.overrideLogger(false);

function hasherWith(settings: Partial<PasswordsConfig> = {}): PasswordHasher {
  const config = Object.assign(new PasswordsConfig(), CHEAP, settings);
  const gate = new HashingGate(config, new SteadyClock());
  return new PasswordHasher(config, gate, new HashingProcess(config));
}

describe('the password hasher', () => {
  const hasher = hasherWith();

  it('hashes with argon2id, another salt each time, and the configured cost', async () => {
    const [one, two] = await Promise.all([hasher.hash('same', LANE), hasher.hash('same', LANE)]);
    expect(one).toMatch(/^\$argon2id\$v=19\$m=64,(p=1,t=1|t=1,p=1)\$/);
    expect(one).not.toBe(two);
  });

  it.each([
    ['the same', 'correct horse', 'correct horse', true],
    ['another case', 'correct horse', 'Correct horse', false],
    ['a space more', 'correct horse', 'correct horse ', false],
    ['twins after 72 bytes', `${'x'.repeat(72)}a`, `${'x'.repeat(72)}b`, false],
    ['twins after a NUL', 'x\0a', 'x\0b', false],
    ['composed and decomposed', 'caf\u00e9', 'cafe\u0301', true],
    ['full-width and plain', '\uff50\uff41', 'pa', true],
  ])('%s: %j against %j is %s', async (_, password, tried, matches) => {
    expect(await hasher.verify(await hasher.hash(password, LANE), tried, CHECK)).toBe(matches);
  });

  it.each([
    [
      'argon2id',
      '$argon2id$v=19$m=64,p=1,t=1$c2l4dGVlbiBieXRlIHNsdA$Km9LgECZySFR9TqtUVwfmkuxip4FPAFf01C2lKRnd7U',
    ],
    ['bcrypt', '$2b$04$abcdefghijklmnopqrstuuUqYjjerG2wiEL9uQHldPzCHDwq.myN2'],
  ])('lets in by a hash of the form that was typed: %s', async (_, hash) => {
    expect(await hasher.verify(hash, 'seven gru\u0308ne kites', CHECK)).toBe(true);
    expect(await hasher.verify(hash, 'seven gr\u00fcne kites', CHECK)).toBe(false);
    expect(await hasher.verify(hash, 'seven grune kites', CHECK)).toBe(false);
  });

  it('lets in by the normal form of what is typed, where the hash is of that', async () => {
    const hash = '$2b$04$abcdefghijklmnopqrstuuNFE.FDR0AS4CK2QDm/wTybRl7Ijhw.2';
    expect(await hasher.verify(hash, 'seven gru\u0308ne kites', CHECK)).toBe(true);
  });

  it('finds every password wrong where there is no hash, or one of an unknown kind', async () => {
    expect(await hasher.verify(null, 'anything', CHECK)).toBe(false);
    expect(await hasher.verify('$2b$10$notargon', 'anything', CHECK)).toBe(false);
    expect(await hasher.verify('', '', CHECK)).toBe(false);
  });

  it('asks for a new hash when the cost has changed', async () => {
    const dearer = hasherWith({ memoryKib: 128 });
    const hash = await hasher.hash('correct horse', LANE);
    expect(hasher.needsRehash(hash)).toBe(false);
    expect(dearer.needsRehash(hash)).toBe(true);
    expect(await dearer.verify(hash, 'correct horse', CHECK)).toBe(true);
    expect(dearer.needsRehash('$2b$10$notargon')).toBe(true);
  });

  it('is turned away by a full gate, without a hash too', async () => {
    const busy = hasherWith({ concurrency: 1, queueLength: 0 });
    const running = ['first', 'second'].map((password) => busy.verify(null, password, CHECK));
    await expect(busy.verify(null, 'third', CHECK)).rejects.toMatchObject({ code: 'auth.busy' });
    expect(await Promise.all(running)).toEqual([false, false]);
  });
});
