import pg from 'pg';

interface Settings {
  readonly SINGLE_SIGN_ON?: string;
  readonly APP_SECRETS?: string;
  readonly JWT_ALGORITHM?: string;
}

/** As JSON, encrypted with the secret of all test applications. */
let kept: string | undefined;

/**
 * Starts an application that signs ID tokens. The two keys of RSA that it makes for itself on a fresh database take a
 * processor 0.7 s: those of this process that are set alike begin with those of the first.
 */
export async function withIdTokenKeys<Started>(
  databaseUrl: string,
  env: Settings,
  start: () => Promise<Started>,
): Promise<Started> {
  const { SINGLE_SIGN_ON, ...others } = env;
  const isUsual = others.APP_SECRETS === undefined && others.JWT_ALGORITHM === undefined;
  if (SINGLE_SIGN_ON !== 'on' || !isUsual) return start();
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    if (kept !== undefined) await client.query(LEND, [kept]);
    const started = await start();
    kept ??= (await client.query<{ keys: string }>(KEEP)).rows[0]?.keys;
    return started;
  } finally {
    await client.end();
  }
}

const KEEP = `
  SELECT json_agg(key)::text AS keys FROM signing_keys AS key
  WHERE purpose = 'id_token' AND status IN ('current', 'next') HAVING count(*) = 2`;

/** As if they had just been made. */
const LEND = `
  INSERT INTO signing_keys
    (kid, algorithm, purpose, status, public_jwk, encrypted_private_key, created_at, status_changed_at)
  SELECT kid, algorithm, purpose, status, public_jwk, encrypted_private_key, clock_timestamp(), clock_timestamp()
  FROM json_populate_recordset(NULL::signing_keys, $1::json)
  WHERE NOT EXISTS (SELECT FROM signing_keys WHERE purpose = 'id_token')
  ON CONFLICT DO NOTHING`;
