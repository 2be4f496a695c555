/** RFC 5321 section 4.5.3.1.3: a path has 256 octets, its angle brackets included. */
export const MAX_EMAIL_LENGTH = 254;

/** What makes two addresses the same account: case and compatibility forms do not differ. */
export function emailKey(email: string): string {
  return email.normalize('NFKC').toLowerCase().normalize('NFKC');
}
