import type { Difference } from './differences.js';

type Table = 'confidential' | 'public' | 'confidential, shown' | 'public, shown';

/** Of every client. */
const ALWAYS: readonly Difference[] = [
  {
    inputs: ['grant_type: too long'],
    ours: '400 invalid_request',
    theirs: '400 unsupported_grant_type',
    because: 'it is bounded before it is read',
  },
  {
    inputs: ['scope: too long'],
    ours: '400 invalid_request',
    theirs: '400 invalid_scope',
    because: 'the same',
  },
  {
    inputs: [
      'redirect_uri: doubled',
      'redirect_uri: too long',
      'code_verifier: doubled',
      'code_verifier: too long',
      'unknown: doubled',
    ],
    ours: '400 invalid_request',
    theirs: 'tokens: email openid',
    because: 'RFC 6749 3.2: no parameter is there twice; and each is bounded',
  },
];

const ALWAYS_SHOWN: readonly Difference[] = [
  {
    inputs: ['an access token', 'an ID token'],
    ours: '400 invalid_request',
    theirs: '400 invalid_grant',
    because: 'longer than any refresh token: it is bounded before it is looked for',
  },
  {
    inputs: ['the ID token of the answer'],
    ours: 'none',
    theirs: 'one',
    because:
      'OpenID Connect Core 12.2 leaves it open; an ID token is about a sign-in, and there has been none',
  },
];

/** Refreshes that are answered otherwise here than by `oidc-provider`, and why. */
export const REFRESHES: Readonly<Record<Table, readonly Difference[]>> = {
  confidential: [
    ...ALWAYS,
    {
      inputs: ['authorization: missing'],
      ours: '400 invalid_grant',
      theirs: '400 invalid_request',
      because:
        'who names no client is the sign-in itself, and has refresh tokens of its own; this one is another’s',
    },
    {
      inputs: ['authorization: empty', 'authorization: "Basic !"'],
      ours: '401 invalid_client',
      theirs: '400 invalid_request',
      because: 'RFC 6749 5.2: no client authentication is included, or it is of another form',
    },
    {
      inputs: ['grant_type: "authorization_code" + authorization: missing'],
      ours: '401 invalid_client',
      theirs: '400 invalid_request',
      because: 'the same: a code belongs to a client',
    },
  ],
  public: [
    ...ALWAYS,
    {
      inputs: ['client_id: missing', 'client_id: empty'],
      ours: '400 invalid_grant',
      theirs: '400 invalid_request',
      because:
        'who names no client is the sign-in itself, and has refresh tokens of its own; this one is another’s',
    },
    {
      inputs: [
        'grant_type: "authorization_code" + client_id: missing',
        'grant_type: "authorization_code" + client_id: empty',
      ],
      ours: '401 invalid_client',
      theirs: '400 invalid_request',
      because: 'RFC 6749 5.2: no client authentication is included; a code belongs to a client',
    },
    {
      inputs: ['client_id: too long', 'client_secret: too long'],
      ours: '400 invalid_request',
      theirs: '401 invalid_client',
      because: 'it is bounded before it is looked for',
    },
  ],
  'confidential, shown': [
    ...ALWAYS_SHOWN,
    {
      inputs: ['the refresh token of the answer'],
      ours: 'another',
      theirs: 'the same',
      because:
        'each use gives another, of every client (RFC 9700 4.14.2), so that a stolen one shows; it rotates those of public clients, and others late',
    },
  ],
  'public, shown': [
    ...ALWAYS_SHOWN,
    {
      inputs: ['used once', 'used, and the next one used'],
      ours: 'tokens: email openid',
      theirs: '400 invalid_grant',
      because:
        'within the grace it is a lost answer, or two tabs at once, and gives what the use gave; after the grace it ends the session (docs/tokens.md)',
    },
  ],
};
