import { expect, it } from '@jest/globals';
import { compareStreamIds, timeOfStreamId } from '../../src/revocation/stream-id.js';

it.each([
  ['0-0', '1790000000000-0', -1],
  ['1790000000000-9', '1790000000000-10', -1],
  ['1790000000000-10', '1790000000000-9', 1],
  ['1790000000000-9', '1800000000000-0', -1],
  ['1790000000000-3', '1790000000000-3', 0],
])('stream ids are ordered by number: %s, %s', (a, b, order) => {
  expect(Math.sign(compareStreamIds(a, b))).toBe(order);
});

it('a stream id tells when it was made', () => {
  expect(timeOfStreamId('1790000000123-7')).toBe(1_790_000_000_123);
});
