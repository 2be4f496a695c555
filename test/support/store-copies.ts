import type { Stores } from './stores.js';

/**
 * Every row of every table as text, as somebody would read a stolen copy; bytes in hexadecimal. When
 * jobs last ran and how far the log of revocations has come are left out: they change with time alone.
 */
export async function copyDatabase(stores: Stores): Promise<string> {
  const tables = await stores.query<{ name: string }>(
    `SELECT quote_ident(tablename) AS name FROM pg_tables
     WHERE schemaname = 'public' AND tablename NOT IN ('scheduled_jobs', 'revocation_progress')`,
  );
  const copies: string[] = [];
  for (const { name } of tables) {
    const rows = await stores.query<{ row: string }>(`SELECT t::text AS row FROM ${name} AS t`);
    copies.push(...rows.map(({ row }) => `${name} ${row}`));
  }
  return copies.join('\n');
}

/** The ways in which a secret could be written down. */
export function spellingsOf(secret: string | Buffer): string[] {
  const bytes = Buffer.from(secret);
  const text = bytes.toString('latin1');
  const spellings = [
    text,
    bytes.toString('hex'),
    bytes.toString('base64').replace(/=+$/, ''),
    bytes.toString('base64url'),
    JSON.stringify([...bytes]).slice(1, -1),
    encodeURIComponent(text),
    JSON.stringify(text).slice(1, -1),
  ];
  return [...new Set(spellings)];
}

/** Which of the secrets a copy holds, however they are written. */
export function findSecrets(
  copy: string,
  secrets: Readonly<Record<string, string | Buffer>>,
): string[] {
  return Object.entries(secrets)
    .filter(([, secret]) => spellingsOf(secret).some((spelling) => copy.includes(spelling)))
    .map(([name]) => name);
}
