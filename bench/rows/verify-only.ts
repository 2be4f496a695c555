import { ExampleService } from '../../test/latchkey/published/access/example-service.js';
import { ForeignProject } from '../../test/latchkey/published/access/foreign-project.js';
import type { BenchRun } from '../bench-run.js';
import { figure, ratio } from '../figures.js';
import type { Figure, Row } from '../row.js';
import { MeasuredServer } from '../servers/measured-server.js';
import { startLatchkey } from '../servers/start-latchkey.js';
import { sampleGuarded } from './compare-guarded.js';

const SCRIPT = new URL('../servers/verify-only-process.ts', import.meta.url);
const LOADS = [
  { count: 1, tokens: 'one token', goal: { atLeast: 0.93 } },
  { count: 2_000, tokens: '2,000 tokens', goal: { atLeast: 0.85 } },
];

export const verifyOnly: Row = {
  name: 'verify-only',
  title:
    'A service that only verifies (latchkey/access): guarded GET against its bare route; start',
  target: '≥ 0.93 of the bare route with one token, ≥ 0.85 with 2,000; start ≤ 0.8 s',
  async run(bench) {
    const issuer = await startLatchkey(bench, await bench.stores.createDatabase());
    const env = {
      NODE_ENV: 'production',
      ISSUER: bench.environment.JWT_ISSUER ?? '',
      JWKS_URI: `${issuer.origin}/.well-known/jwks.json`,
      REDIS_URL: await bench.stores.redisUrl(),
    };
    const figures: Figure[] = [];
    for (const { count, tokens, goal } of LOADS) {
      const { bare, bareWithToken, guarded } = await sampleGuarded(bench, {
        start: async () => bench.own(await MeasuredServer.start(SCRIPT, env)),
        issueTokens: () => issuer.issueTokens(count),
      });
      figures.push(
        ratio(`guarded against bare, ${tokens}`, guarded, bare, (one) => one.perSecond, goal),
        ratio(
          `guarded against bare that is sent the token, ${tokens}`,
          guarded,
          bareWithToken,
          (one) => one.perSecond,
        ),
        figure(
          `guarded: requests, ${tokens}`,
          '/s',
          guarded.map((one) => one.perSecond),
        ),
        figure(
          `guarded: processor time per request, ${tokens}`,
          'µs',
          guarded.map((one) => one.processorMicroseconds),
        ),
      );
    }
    return [
      ...figures,
      figure('start to the first answer', 's', await starts(bench, env), { atMost: 0.8 }),
    ];
  },
};

/** The orders service of the examples, compiled, on the package as it is packed. */
async function starts(bench: BenchRun, env: Readonly<Record<string, string>>): Promise<number[]> {
  const project = await ForeignProject.create();
  await project.addExample('orders-service');
  try {
    const { start } = await bench.alternate({
      start: async () => {
        const service = await ExampleService.start(project, 'orders-service', env);
        await service.stop();
        return service.startMilliseconds / 1_000;
      },
    });
    return start;
  } finally {
    await project.remove();
  }
}
