import { HttpClient } from './http-client.js';

export interface Account {
  readonly email: string;
  readonly password: string;
}

/** @throws Error when the server does not make the account */
export async function registerAccount(origin: string, account: Account): Promise<void> {
  const client = new HttpClient();
  const request = { origin, method: 'POST', path: '/auth/register', body: account } as const;
  const { status } = await client.send(request);
  client.close();
  if (status !== 201) throw new Error(`Registration answered ${status}.`);
}
