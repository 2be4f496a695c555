import { expect, it } from 'vitest';
import { plainText } from '../../../src/latchkey/platform/http/validation/plain-text.js';

it.each([
  ['a line break', 'real\r\nforged: yes', 'real forged: yes'],
  ['a separator of lines', 'real\u2028forged', 'real forged'],
  ['a NUL', 'a\0b', 'a b'],
  ['an escape sequence', 'a\u001b[2Jb', 'a [2Jb'],
  ['half of a surrogate pair', 'a\ud800b', 'a b'],
  ['nothing wrong', 'Zoë 🗝 Ωmega', 'Zoë 🗝 Ωmega'],
])('text with %s stays one line that can be stored', (_, text, plain) => {
  expect(plainText(text, 100)).toBe(plain);
});

it('is cut without leaving half a character', () => {
  expect(plainText('ab🗝', 3).isWellFormed()).toBe(true);
  expect(plainText('x'.repeat(20), 5)).toBe('xxxxx');
});
