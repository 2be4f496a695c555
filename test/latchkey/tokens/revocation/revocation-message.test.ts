import { describe, expect, it } from 'vitest';
import type { Revocation } from '../../../../src/latchkey/tokens/revocation/kinds/revocation.js';
import {
  decodeMessage,
  encodeMessages,
  MESSAGE_FIELD,
} from '../../../../src/latchkey/tokens/revocation/stream/revocation-message.js';

const LIFETIME = 3_690;

function asEntries(revocations: readonly Revocation[], remainingSeconds: number) {
  return revocations.map((revocation) => ({ revocation, remainingSeconds }));
}

describe('a message of the revocation stream', () => {
  it('brings every kind of revocation across', () => {
    const revocations: Revocation[] = [
      { kind: 'session', sessionId: '019312ab-cdef-7123-8456-789abcdef012' },
      {
        kind: 'user-cutoff',
        userId: '019312ab-cdef-7123-8456-789abcdef013',
        momentMilliseconds: 1_790_000_000_000,
        exemptSessionId: null,
      },
      {
        kind: 'user-cutoff',
        userId: '019312ab-cdef-7123-8456-789abcdef013',
        momentMilliseconds: 1_790_000_000_000,
        exemptSessionId: '019312ab-cdef-7123-8456-789abcdef012',
      },
      { kind: 'global-cutoff', momentMilliseconds: 1_790_000_000_000 },
      { kind: 'user-version', userId: '019312ab-cdef-7123-8456-789abcdef013', version: 3 },
      { kind: 'role-version', role: 'editor', version: 12 },
    ];
    const entries = asEntries(revocations, 1_200);
    const [message = ''] = encodeMessages(entries);
    expect(decodeMessage([MESSAGE_FIELD, message], LIFETIME)).toEqual({ entries, skipped: 0 });
  });

  it('is one of several when there is much to say', () => {
    const revocations = Array.from(
      { length: 1_201 },
      (_, index): Revocation => ({ kind: 'session', sessionId: `session-${index}` }),
    );
    const entries = asEntries(revocations, 5);
    const messages = encodeMessages(entries);
    expect(messages).toHaveLength(3);
    expect(
      messages.flatMap((message) => decodeMessage([MESSAGE_FIELD, message], LIFETIME).entries),
    ).toEqual(entries);
  });

  it.each([
    ['no fields', []],
    ['another field', ['other', '[]']],
    ['no value', [MESSAGE_FIELD]],
    ['no JSON', [MESSAGE_FIELD, '{']],
    ['no list', [MESSAGE_FIELD, '{"kind":"session"}']],
    ['a part that is no list', [MESSAGE_FIELD, '["session"]']],
    ['an unknown kind', [MESSAGE_FIELD, '[["planet","earth",null]]']],
    ['a kind named like a property of every object', [MESSAGE_FIELD, '[["constructor","x",1]]']],
    ['a subject that is no text', [MESSAGE_FIELD, '[["session",{},null]]']],
    ['a version that is no number', [MESSAGE_FIELD, '[["user-version","x","1"]]']],
    ['a version that is no integer', [MESSAGE_FIELD, '[["user-version","x",1.5]]']],
    ['a cutoff without a moment', [MESSAGE_FIELD, '[["user-cutoff","x",null]]']],
    ['a cutoff at no moment', [MESSAGE_FIELD, '[["global-cutoff","everyone",281474976710655]]']],
    ['a cutoff for everyone that names somebody', [MESSAGE_FIELD, '[["global-cutoff","x",1]]']],
    ['a time that is no number', [MESSAGE_FIELD, '[["session","x",null,"60"]]']],
    ['a missing version', [MESSAGE_FIELD, '[["role-version","x"]]']],
  ])('with %s is skipped', (_, fields) => {
    expect(decodeMessage(fields, LIFETIME)).toEqual({ entries: [], skipped: 1 });
  });

  it('loses only the part that is not understood', () => {
    const text = '[["planet","earth",1],["session","session-1",null]]';
    expect(decodeMessage([MESSAGE_FIELD, text], LIFETIME)).toEqual({
      entries: asEntries([{ kind: 'session', sessionId: 'session-1' }], LIFETIME),
      skipped: 1,
    });
  });

  it.each([
    ['a fraction of a second', 0.2, 1],
    ['longer than any entry is needed', 1e9, LIFETIME],
  ])('keeps an entry at least as long as it is needed: %s', (_, seconds, kept) => {
    const [message = ''] = encodeMessages(
      asEntries([{ kind: 'session', sessionId: 'session-1' }], seconds),
    );
    const { entries } = decodeMessage([MESSAGE_FIELD, message], LIFETIME);
    expect(entries.map(({ remainingSeconds }) => remainingSeconds)).toEqual([kept]);
  });
});
