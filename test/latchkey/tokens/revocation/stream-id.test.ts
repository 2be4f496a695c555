import { expect, it } from 'vitest';
import { timeOfStreamId } from '../../../../src/latchkey/tokens/revocation/stream/stream-id.js';

it('a stream id tells when it was made', () => {
  expect(timeOfStreamId('1790000000123-7')).toBe(1_790_000_000_123);
});
