import fastify from 'fastify';
import { expect, it } from 'vitest';
import { serveDocument } from '../../../../src/latchkey/platform/http/answers/served-document.js';

it('a document that could not be made once is made at the next request', async () => {
  await using server = fastify();
  let tries = 0;
  serveDocument(server, '/document', async () => {
    tries += 1;
    if (tries === 1) throw new Error('Too many open files');
    return { type: 'text/plain', body: 'made' };
  });
  const statuses = [];
  for (let turn = 0; turn < 3; turn += 1) {
    statuses.push((await server.inject('/document')).statusCode);
  }
  expect([statuses, tries]).toEqual([[500, 200, 200], 2]);
});
