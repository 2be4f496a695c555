/** What of a user agent says how new the software is: an update does not make another device. */
const VERSION_CHARACTERS = '0123456789._';
const VERSIONS = new RegExp(`[${VERSION_CHARACTERS}]`, 'g');

/** The software that a user agent names, without its versions. */
export function softwareOf(userAgent: string | null): string {
  return (userAgent ?? '').replaceAll(VERSIONS, '');
}

/** The same in SQL. */
export function softwareSql(userAgent: string): string {
  return `translate(coalesce(${userAgent}, ''), '${VERSION_CHARACTERS}', '')`;
}
