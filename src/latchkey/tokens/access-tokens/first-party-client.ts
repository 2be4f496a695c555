/**
 * The public client (RFC 6749 section 2.1) that sessions belong to: whoever signs in here does so
 * through the product's own apps.
 */
export const FIRST_PARTY_CLIENT_ID = 'latchkey';
