import { describe, expect, it } from '@jest/globals';
import type { Revocation } from '../../src/revocation/revocation.js';
import {
  decodeMessage,
  encodeMessages,
  MESSAGE_FIELD,
} from '../../src/revocation/revocation-message.js';

describe('a message of the revocation stream', () => {
  it('brings every kind of revocation across', () => {
    const revocations: Revocation[] = [
      { kind: 'session', sessionId: '019312ab-cdef-7123-8456-789abcdef012' },
      {
        kind: 'user-cutoff',
        userId: '019312ab-cdef-7123-8456-789abcdef013',
        momentMs: 1_790_000_000_000,
        exemptSessionId: null,
      },
      {
        kind: 'user-cutoff',
        userId: '019312ab-cdef-7123-8456-789abcdef013',
        momentMs: 1_790_000_000_000,
        exemptSessionId: '019312ab-cdef-7123-8456-789abcdef012',
      },
      { kind: 'global-cutoff', momentMs: 1_790_000_000_000 },
      { kind: 'user-version', userId: '019312ab-cdef-7123-8456-789abcdef013', version: 3 },
      { kind: 'role-version', role: 'editor', version: 12 },
    ];
    const [message = ''] = encodeMessages(revocations);
    expect(decodeMessage([MESSAGE_FIELD, message])).toEqual({ revocations, skipped: 0 });
  });

  it('is one of several when there is much to say', () => {
    const revocations = Array.from(
      { length: 1_201 },
      (_, index): Revocation => ({ kind: 'session', sessionId: `session-${index}` }),
    );
    const messages = encodeMessages(revocations);
    expect(messages).toHaveLength(3);
    expect(
      messages.flatMap((message) => decodeMessage([MESSAGE_FIELD, message]).revocations),
    ).toEqual(revocations);
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
    ['a missing version', [MESSAGE_FIELD, '[["role-version","x"]]']],
  ])('with %s is skipped', (_, fields) => {
    expect(decodeMessage(fields)).toEqual({ revocations: [], skipped: 1 });
  });

  it('loses only the part that is not understood', () => {
    const text = '[["planet","earth",1],["session","session-1",null]]';
    expect(decodeMessage([MESSAGE_FIELD, text])).toEqual({
      revocations: [{ kind: 'session', sessionId: 'session-1' }],
      skipped: 1,
    });
  });
});
