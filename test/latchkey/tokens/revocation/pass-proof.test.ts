import { beforeEach, describe, expect, it } from 'vitest';
import { PassProof } from '../../../../src/latchkey/tokens/revocation/stream/pass-proof.js';
import type { StreamMessage } from '../../../../src/latchkey/tokens/revocation/stream/revocation-stream.js';

let proof: PassProof;
let lastId: number;
let now: number;
beforeEach(() => {
  [proof, lastId, now] = [new PassProof(), 0, 0];
});

const begun = (pass: string): StreamMessage => [`${++lastId}-0`, ['begun', pass]];
const complete = (pass: string): StreamMessage => [`${++lastId}-0`, ['complete', pass]];

/** An answer, asked for at a second of its own. */
const answer = (...messages: StreamMessage[]) => proof.take(messages, ++now, false);

describe('a pass proves that nothing is missing', () => {
  it('when it began and was completed after the gap', () => {
    answer();
    answer(begun('a'));
    expect(proof.proven).toBe(false);
    answer(complete('a'));
    expect(proof.proven).toBe(true);
  });

  it('of what had been committed when the answer before its beginning was asked for', () => {
    answer();
    answer();
    answer(begun('a'));
    answer(begun('b'), complete('b'), complete('a'));
    expect(proof.provenUntil).toBe(3);
    answer(begun('c'), complete('c'));
    expect(proof.provenUntil).toBe(4);
  });
});

describe('nothing is proven', () => {
  it('by what was there when the first answer after the gap was given', () => {
    answer(begun('a'), complete('a'), begun('b'));
    answer(complete('b'));
    expect(proof.proven).toBe(false);
  });

  it('by what was there, if it takes several answers to read it', () => {
    proof.take([begun('a')], ++now, true);
    proof.take([begun('b')], ++now, false);
    answer(complete('a'), complete('b'));
    expect(proof.proven).toBe(false);
  });

  it('by a pass that was begun before the gap, whenever its backend goes on', () => {
    answer();
    answer(begun('stopped'));
    proof.gap();
    expect(proof.position).toBe('0-0');
    lastId = 0;
    answer(begun('stopped'));
    answer(complete('stopped'));
    expect(proof.proven).toBe(false);
    answer(begun('next'), complete('next'));
    expect(proof.proven).toBe(true);
  });

  it('by a pass whose beginning this Redis does not know: it was told to another one', () => {
    answer();
    answer(complete('of the former master'));
    expect(proof.proven).toBe(false);
  });

  it('by a pass that was not completed, by a message without fields, or by one of other words', () => {
    answer();
    answer(begun('a'), [`${++lastId}-0`, null], [`${++lastId}-0`, ['completed', 'a']]);
    expect(proof.proven).toBe(false);
  });

  it('any more, once there was another gap', () => {
    answer();
    answer(begun('a'), complete('a'));
    proof.gap();
    expect([proof.proven, proof.provenUntil]).toEqual([false, Number.NEGATIVE_INFINITY]);
  });
});
