/** Requests that are answered otherwise here than by `oidc-provider`, and why. */
export interface Difference {
  readonly inputs: readonly string[];
  readonly ours: string;
  readonly theirs: string;
  readonly because: string;
}

export const DIFFERENCES: Readonly<Record<'authorization' | 'code', readonly Difference[]>> = {
  authorization: [
    {
      inputs: ['redirect_uri: missing', 'redirect_uri: empty'],
      ours: 'shown',
      theirs: 'code',
      because: 'OpenID Connect Core 3.1.2.1 demands it; it takes the only one that is registered',
    },
    {
      inputs: ['redirect_uri: doubled', 'redirect_uri: there twice, with two values'],
      ours: 'shown',
      theirs: 'sent: invalid_request',
      because: 'of two places neither is one that an answer belongs to: nothing is sent anywhere',
    },
    {
      inputs: ['scope: missing', 'scope: empty', 'scope: too long', 'scope: "unknown"'],
      ours: 'sent: invalid_scope',
      theirs: 'sent: invalid_request',
      because:
        'RFC 6749 4.1.2.1 has this name for it; it leaves out scopes that it does not know, and then misses `openid`',
    },
    {
      inputs: ['scope: with a space around it'],
      ours: 'code',
      theirs: 'sent: invalid_scope',
      because: 'a space too many changes nothing that is asked for',
    },
    {
      inputs: ['scope: "openid unknown"'],
      ours: 'sent: invalid_scope',
      theirs: 'code',
      because: 'who asks for more than it may is refused, and not answered with less',
    },
    {
      inputs: ['scope: "profile"'],
      ours: 'code',
      theirs: 'sent: invalid_request',
      because:
        'without `openid` it is a request of OAuth, and gets no ID token; it refuses `nonce` there',
    },
    {
      inputs: [
        'scope: missing + nonce: missing',
        'scope: missing + nonce: empty',
        'scope: empty + nonce: missing',
        'scope: empty + nonce: empty',
        'scope: "unknown" + nonce: missing',
        'scope: "unknown" + nonce: empty',
      ],
      ours: 'sent: invalid_scope',
      theirs: 'sent: access_denied',
      because:
        'nothing that it knows is left to be granted, which it calls a refusal by the person',
    },
    {
      inputs: [
        'state: too long',
        'state: with a line break',
        'state: with a letter that is not ASCII',
        'nonce: too long',
        'nonce: with a line break',
        'nonce: with a letter that is not ASCII',
      ],
      ours: 'sent: invalid_request',
      theirs: 'code',
      because:
        'RFC 6749 appendix A.5: printable characters of ASCII; and bounded, as they are kept and sent back',
    },
    {
      inputs: ['prompt: "select_account"'],
      ours: 'asks',
      theirs: 'sent: invalid_request',
      because: 'OpenID Connect Core 3.1.2.1 has it; it is not among its defaults',
    },
    {
      inputs: ['response_mode: too long', 'response_mode: "unknown"'],
      ours: 'sent: invalid_request',
      theirs: 'sent: unsupported_response_mode',
      because: 'RFC 6749 has no such name of an error',
    },
    {
      inputs: ['response_type: "token"', 'response_type: "code token"'],
      ours: 'sent: unsupported_response_type',
      theirs: 'sent: unsupported_response_type, in the fragment',
      because: 'there is one way in which answers come (OAuth 2.1)',
    },
    {
      inputs: [
        'response_type: "token" + response_mode: given',
        'response_type: "code token" + response_mode: given',
      ],
      ours: 'sent: unsupported_response_type',
      theirs: 'sent: invalid_request',
      because:
        'it says that such answers do not come in the query, before it says that there are none',
    },
    {
      inputs: ['response_mode: "fragment"'],
      ours: 'sent: invalid_request',
      theirs: 'code, in the fragment',
      because: 'the same',
    },
    {
      inputs: ['response_mode: "form_post"'],
      ours: 'sent: invalid_request',
      theirs: 'code, by a form',
      because: 'the same',
    },
    {
      inputs: ['display: doubled'],
      ours: 'code',
      theirs: 'sent: invalid_request',
      because: 'what is not read is not looked at',
    },
    {
      inputs: ['id_token_hint: given', 'id_token_hint: doubled', 'id_token_hint: too long'],
      ours: 'code',
      theirs: 'sent: invalid_request',
      because: 'it is a hint, and is not read: who is signed in says the session',
    },
    {
      inputs: ['claims: given', 'claims: doubled', 'claims: too long', 'claims: "{"'],
      ours: 'sent: invalid_request',
      theirs: 'code',
      because:
        'what is asked and not understood is not answered as if it had not been asked; it ignores what it has turned off',
    },
    {
      inputs: ['request_uri: "urn:ietf:params:oauth:request_uri:unknown"'],
      ours: 'shown',
      theirs: 'sent: invalid_request_uri',
      because: 'of a request that is not known it is not known where an answer would go (RFC 9126)',
    },
  ],
  code: [
    {
      inputs: ['grant_type: too long'],
      ours: '400 invalid_request',
      theirs: '400 unsupported_grant_type',
      because: 'it is bounded before it is read',
    },
    {
      inputs: ['grant_type: "client_credentials"'],
      ours: 'tokens',
      theirs: '400 unsupported_grant_type',
      because: 'every client with a secret can act for itself here',
    },
    {
      inputs: ['redirect_uri: missing', 'redirect_uri: empty'],
      ours: '400 invalid_request',
      theirs: 'tokens',
      because: 'RFC 6749 4.1.3: it was in the request for the code',
    },
    {
      inputs: ['redirect_uri: too long'],
      ours: '400 invalid_request',
      theirs: '400 invalid_grant',
      because: 'it is bounded before it is compared',
    },
    {
      inputs: ['authorization: missing', 'authorization: empty', 'authorization: "Basic !"'],
      ours: '401 invalid_client',
      theirs: '400 invalid_request',
      because: 'RFC 6749 5.2: no client authentication is included, or it is of another form',
    },
    {
      inputs: ['code_verifier: missing', 'code_verifier: empty'],
      ours: '400 invalid_request',
      theirs: '400 invalid_grant',
      because: 'RFC 6749 5.2: a parameter is missing',
    },
    {
      inputs: [
        'code_verifier: with a line break',
        'code_verifier: with a letter that is not ASCII',
        'code_verifier: with a space around it',
        'code_verifier: "short"',
      ],
      ours: '400 invalid_grant',
      theirs: '400 invalid_request',
      because: 'RFC 7636 4.6: whatever is not the verifier of the code is refused by this name',
    },
    {
      inputs: ['scope: doubled', 'scope: too long', 'unknown: doubled'],
      ours: '400 invalid_request',
      theirs: 'tokens',
      because: 'RFC 6749 3.2: no parameter is there twice; and each is bounded',
    },
    {
      inputs: ['scope: "openid email"', 'scope: "unknown"'],
      ours: '400 invalid_scope',
      theirs: 'tokens',
      because: 'it is not read there; here it narrows what was granted, and never widens it',
    },
  ],
};

/** The same for docs/conformance.md. */
export function tableOf(differences: readonly Difference[]): string {
  const rows = differences.map(({ inputs, ours, theirs, because }) => {
    const names = inputs.map((name) => `\`${name.replaceAll('|', '\\|')}\``).join('<br>');
    return `| ${names} | ${ours} | ${theirs} | ${because} |`;
  });
  return ['| request | here | `oidc-provider` | why |', '|---|---|---|---|', ...rows].join('\n');
}
