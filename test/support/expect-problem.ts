import { expect } from 'vitest';
import type { Answer } from './api-client.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** Stack traces, SQL, and names of what is inside. */
const INTERNALS =
  /\bat \S+ \(|\.[jt]s:\d|node_modules|select .* from|insert into|\$\d|queryfailed|postgres|typeorm|fastify|FST_|ERR_|SyntaxError|unexpected token/i;

/** Every error looks like this, whoever noticed it (RFC 9457). */
export function expectProblem(answer: Answer, status: number, code: string): void {
  const { body, headers, text } = answer;
  expect({ status: answer.status, code: body.code }).toEqual({ status, code });
  expect(headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  expect(body.status).toBe(status);
  expect(body.title).toEqual(expect.stringMatching(/\.$/));
  expect(body.requestId).toMatch(UUID);
  expect(body.type).toBe(`/errors#${code}`);
  const known = ['type', 'title', 'status', 'code', 'detail', 'requestId', 'errors'];
  expect(known).toEqual(expect.arrayContaining(Object.keys(body)));
  expect(text).not.toMatch(INTERNALS);
}
