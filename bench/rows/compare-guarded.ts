import type { BenchRun } from '../bench-run.js';
import { figure, ratio } from '../figures.js';
import { HttpClient } from '../load/http-client.js';
import { LoadGenerator, type Sample } from '../load/load-generator.js';
import type { Figure, Goal } from '../row.js';
import type { MeasuredServer } from '../servers/measured-server.js';
import { startLatchkey } from '../servers/start-latchkey.js';

const CONNECTIONS = 32;

/**
 * What the compiler makes of the same code differs from process to process by as much as the guard
 * costs, and a busy machine is slow for seconds at a time: several processes, and many short turns.
 */
const PROCESSES = 3;
const TURNS_PER_ROUND = 4;
const TURN = { seconds: 0.5, warmUpSeconds: 0.25 };

type GuardedSamples = Record<'bare' | 'bareWithToken' | 'guarded', Sample[]>;

interface GuardedServers {
  start(): Promise<MeasuredServer>;
  issueTokens(server: MeasuredServer): Promise<readonly string[]>;
}

/**
 * The guarded route against the bare one. The bare route is called without a token, as such a
 * route is; the same with the token says what merely receiving it costs.
 */
export async function compareGuarded(
  bench: BenchRun,
  tokenCount: number,
  goal: Goal,
): Promise<Figure[]> {
  const database = await bench.stores.createDatabase();
  const { bare, bareWithToken, guarded } = await sampleGuarded(bench, {
    start: () => startLatchkey(bench, database),
    issueTokens: (server) => server.issueTokens(tokenCount),
  });
  return describe(bare, bareWithToken, guarded, tokenCount, goal);
}

/** Bare route and guarded route of one server after the other, in turn. */
export async function sampleGuarded(
  bench: BenchRun,
  servers: GuardedServers,
): Promise<GuardedSamples> {
  const load = await LoadGenerator.start(bench);
  const samples: GuardedSamples = { bare: [], bareWithToken: [], guarded: [] };
  for (let count = 0; count < PROCESSES; count++) {
    const server = await servers.start();
    const tokens = await servers.issueTokens(server);
    await showOnce(server, tokens);
    const get = (path: string, sent?: readonly string[]) => () =>
      load.measure(server, {
        method: 'GET',
        path,
        connections: CONNECTIONS,
        ...TURN,
        ...(sent && { tokens: sent }),
      });
    const { bare, bareWithToken, guarded } = await bench.alternate(
      {
        bare: get('/bench/bare'),
        bareWithToken: get('/bench/bare', tokens),
        guarded: get('/bench/guarded', tokens),
      },
      bench.rounds * TURNS_PER_ROUND,
    );
    samples.bare.push(...bare);
    samples.bareWithToken.push(...bareWithToken);
    samples.guarded.push(...guarded);
    await server.stop();
  }
  return samples;
}

/** The first sight of a token is a row of its own. */
async function showOnce({ origin }: MeasuredServer, tokens: readonly string[]): Promise<void> {
  const client = new HttpClient();
  for (const token of tokens) {
    await client.send({ origin, method: 'GET', path: '/bench/guarded', token });
  }
  client.close();
}

function describe(
  bare: Sample[],
  bareWithToken: Sample[],
  guarded: Sample[],
  tokenCount: number,
  goal: Goal,
): Figure[] {
  const tokens = tokenCount === 1 ? 'one token' : `${tokenCount.toLocaleString('en')} tokens`;
  const perSecond = (sample: Sample) => sample.perSecond;
  const processor = (sample: Sample) => sample.processorMicroseconds;
  const numbers = (label: string, samples: Sample[]) => [
    figure(`${label}: requests`, '/s', samples.map(perSecond)),
    figure(`${label}: processor time per request`, 'µs', samples.map(processor)),
    figure(
      `${label}: p99`,
      'ms',
      samples.map(({ p99Milliseconds }) => p99Milliseconds),
    ),
  ];
  return [
    ratio(`guarded against bare, ${tokens}`, guarded, bare, perSecond, goal),
    ratio('bare against guarded, processor time per request', bare, guarded, processor),
    ratio('guarded against bare that is sent the token', guarded, bareWithToken, perSecond),
    ...numbers('bare', bare),
    ...numbers('guarded', guarded),
    figure(
      'guarded: processors busy',
      '',
      guarded.map(({ busy }) => busy),
    ),
  ];
}
