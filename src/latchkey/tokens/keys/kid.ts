/** What a key's thumbprint looks like (RFC 7638, SHA-256, base64url). */
export const KID = /^[\w-]{43}$/;
