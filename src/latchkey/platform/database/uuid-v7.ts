/** The lowest UUIDv7 that is made at a moment, in milliseconds of Unix time (RFC 9562 section 5.7). */
export function lowestIdAt(milliseconds: number): string {
  const hex = Math.max(0, Math.floor(milliseconds)).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}
