import { figure } from '../figures.js';
import { HttpClient } from '../load/http-client.js';
import type { Row } from '../row.js';
import type { MeasuredServer, StartedSession } from '../servers/measured-server.js';
import { startLatchkey } from '../servers/start-latchkey.js';
import { percentile } from '../statistics.js';

const INSTANCES = 4;

export const revocationReach: Row = {
  name: 'revocation-reach',
  title: 'From a revocation on one instance to the refusal on three others, Redis up',
  target: 'p99 ≤ 10 ms',
  async run(bench) {
    const database = await bench.stores.createDatabase();
    const instances: MeasuredServer[] = [];
    while (instances.length < INSTANCES) instances.push(await startLatchkey(bench, database));
    const [revoking, ...others] = instances;
    if (revoking === undefined) throw new Error('There is no instance.');
    const clients = instances.map(() => new HttpClient());
    const perRound = bench.quick ? 15 : 40;
    const rounds: number[][] = [];
    for (let round = 1; round <= bench.rounds; round++) {
      const lags: number[] = [];
      for (const [index, session] of (await revoking.startSessions(perRound)).entries()) {
        bench.progress(`round ${round} of ${bench.rounds}: revocation ${index + 1} of ${perRound}`);
        lags.push(...(await revoke(session, revoking, others, clients)));
      }
      rounds.push(lags);
    }
    for (const client of clients) client.close();
    const p99 = rounds.map((lags) => percentile(lags, 99));
    const p50 = rounds.map((lags) => percentile(lags, 50));
    return [
      figure('revocation to refusal elsewhere, p99', 'ms', p99, { atMost: 10 }),
      figure('revocation to refusal elsewhere, median', 'ms', p50),
      { label: 'the longest', unit: 'ms', value: Math.max(...rounds.flat()) },
    ];
  },
};

/** @returns for each other instance, milliseconds from the answer to its first refusal */
async function revoke(
  { accessToken, refreshToken }: StartedSession,
  revoking: MeasuredServer,
  others: readonly MeasuredServer[],
  [client = new HttpClient(), ...clients]: readonly HttpClient[],
): Promise<number[]> {
  const refusals = others.map((server, index) =>
    firstRefusal(server, clients[index] ?? client, accessToken),
  );
  const { origin } = revoking;
  const request = { origin, method: 'POST', path: '/auth/logout', body: { refreshToken } } as const;
  const { status } = await client.send(request);
  const answeredAt = performance.now();
  if (status !== 204) throw new Error(`Logout answered ${status}.`);
  const own = await client.send({
    origin,
    method: 'GET',
    path: '/bench/guarded',
    token: accessToken,
  });
  if (own.status !== 401) throw new Error('The revoking instance goes on accepting the token.');
  return (await Promise.all(refusals)).map((at) => Math.max(0, at - answeredAt));
}

/** Asks again as soon as it is answered. */
async function firstRefusal(
  { origin }: MeasuredServer,
  client: HttpClient,
  token: string,
): Promise<number> {
  for (;;) {
    const { status } = await client.send({ origin, method: 'GET', path: '/bench/guarded', token });
    if (status === 401) return performance.now();
    if (status !== 200) throw new Error(`The guarded route answered ${status}.`);
  }
}
