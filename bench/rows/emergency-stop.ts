import { figure } from '../figures.js';
import { HttpClient } from '../load/http-client.js';
import { NotAvailable, type Row } from '../row.js';
import { startLatchkey } from '../servers/start-latchkey.js';
import { fillSessions } from '../stores/fill-sessions.js';

const MILLION = 1_000_000;
const PATH = '/admin/sessions/revoke';

/** Each stop meets a million sessions that are live: every round has a database of its own. */
export const emergencyStop: Row = {
  name: 'emergency-stop',
  title: 'The emergency stop (everything signed in before now) with a million sessions',
  target: '≤ 50 ms',
  async run(bench) {
    const rounds: number[] = [];
    const client = new HttpClient();
    bench.own({ stop: async () => client.close() });
    for (let round = 1; round <= (bench.quick ? 1 : 3); round++) {
      const database = await bench.stores.createDatabase();
      const server = await startLatchkey(bench, database);
      const { origin } = server;
      const [token] = await server.issueTokens(1, ['*']);
      const stop = (body: unknown) =>
        client.send({ origin, method: 'POST', path: PATH, token, body });
      const dryRun = await stop({ filter: { all: true }, reason: 'bench', dryRun: true });
      if (dryRun.status === 404) throw new NotAvailable(`POST ${PATH} answers 404`);

      bench.progress(`round ${round}: filling in a million sessions`);
      await fillSessions(database, MILLION);
      bench.progress(`round ${round}: stopping`);
      const createdBefore = new Date().toISOString();
      const { status, text, milliseconds } = await stop({
        filter: { createdBefore },
        reason: 'bench',
      });
      if (status !== 200) throw new Error(`POST ${PATH} answered ${status}: ${text}`);
      rounds.push(milliseconds);
      await server.stop();
    }
    return [figure('emergency stop, a million sessions', 'ms', rounds, { atMost: 50 })];
  },
};
