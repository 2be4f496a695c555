import autocannon from 'autocannon';
import { AnswerLog, durationSeconds } from './answer-log.js';
import type { LoadPlan, LoadResult } from './load-plan.js';

/** Whoever waits for a hash behind a full queue on a busy machine waits for seconds. */
const TIMEOUT_SECONDS = 60;
const JSON_BODY = { 'Content-Type': 'application/json' };

/** Every connection sends its next request when the last one has been answered. */
export async function closedLoop(plan: LoadPlan): Promise<LoadResult> {
  const log = new AnswerLog(plan);
  let connection = 0;
  const { origin, method, path, connections } = plan;
  const url = origin + path;
  const duration = durationSeconds(plan);
  const setupClient = (client: autocannon.Client) => prepare(client, plan, connection++);
  const options = { url, method, connections, duration, setupClient, timeout: TIMEOUT_SECONDS };
  const { errors } = await new Promise<autocannon.Result>((resolve, reject) => {
    const done = (error: unknown, result: autocannon.Result) =>
      error ? reject(error) : resolve(result);
    const running = autocannon(options, done);
    running.on('response', (_client, status, _bytes, milliseconds) =>
      log.add(status, milliseconds),
    );
  });
  if (errors > 0) throw new Error(`${errors} requests to ${path} failed.`);
  return log.result();
}

function prepare(client: autocannon.Client, plan: LoadPlan, connection: number): void {
  const { method, path, tokens, bodies, rotating } = plan;
  if (tokens !== undefined) {
    const inTurn = shareOf(tokens, plan.connections, connection);
    const headers = (token: string) => ({ Authorization: `Bearer ${token}` });
    client.setRequests(inTurn.map((token) => ({ method, path, headers: headers(token) })));
  }
  if (bodies !== undefined) {
    const body = JSON.stringify(bodies[connection % bodies.length]);
    client.setRequests([{ method, path, headers: JSON_BODY, body }]);
  }
  if (rotating) rotate(client);
}

/** Together the connections go through all tokens, again and again. */
function shareOf(tokens: readonly string[], connections: number, connection: number) {
  const own = tokens.filter((_, index) => index % connections === connection);
  return own.length > 0 ? own : [tokens[connection % tokens.length] ?? ''];
}

function rotate(client: autocannon.Client): void {
  let received = '';
  client.on('body', (part) => {
    received += part;
  });
  // Before the connection's next request is sent.
  client.on('response', (status) => {
    if (status < 300) {
      const { refreshToken } = JSON.parse(received);
      client.setBody(JSON.stringify({ refreshToken }));
    }
    received = '';
  });
}
