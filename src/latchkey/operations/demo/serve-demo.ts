import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fastifyStatic } from '@fastify/static';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { servePage } from '../../platform/http/answers/served-document.js';

/** The client's modules import each other by these paths, so they are served by them. */
const SERVED = ['operations/demo/page', 'published/client'];

/**
 * Serves a page at `/demo` that shows `latchkey/client` at work. It needs nothing that other pages
 * may not do as well, and no place in production.
 */
export async function serveDemo(app: NestFastifyApplication): Promise<void> {
  const build = join(import.meta.dirname, '../..');
  for (const folder of SERVED) {
    await app.register(fastifyStatic, {
      root: join(build, folder),
      prefix: `/demo/files/${folder}/`,
      decorateReply: false,
      index: false,
    });
  }
  servePage(app.getHttpAdapter().getInstance(), '/demo', async () => ({
    type: 'text/html; charset=utf-8',
    body: await readFile(join(build, 'operations/demo/page/index.html'), 'utf8'),
  }));
}
