import { fastifyCookie } from '@fastify/cookie';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { RefusedRequests } from './audit/refused-requests.js';
import { RuntimeConfig } from './config/runtime.config.js';
import { translateDatabaseError } from './database/translate-database-error.js';
import { serveDemo } from './demo/serve-demo.js';
import { ProblemFilter } from './errors/problem.filter.js';
import { translateHttpError } from './errors/translate-http-error.js';
import { allowOrigins } from './http/cross-origin.js';
import { Disclosure } from './http/disclosure.js';
import { HttpConfig } from './http/http.config.js';
import { limitQueries } from './http/limit-queries.js';
import { logRequests } from './http/log-requests.js';
import { acceptBodies } from './http/request-bodies.js';
import { requestValidation } from './http/request-validation.js';
import { sendSecurityHeaders } from './http/security-headers.js';
import { warnOfUnknownProxy } from './http/warn-of-unknown-proxy.js';
import { serveApiDescription } from './openapi/serve-api-description.js';

/** Pipes, filter, cookies, headers and the API description: the same in production and in tests. */
export async function configureApp(app: NestFastifyApplication): Promise<void> {
  const { production } = app.get(RuntimeConfig);
  const { corsOrigins, trustedProxies } = app.get(HttpConfig);
  const server = app.getHttpAdapter().getInstance();
  server.decorateRequest('principal', undefined);
  acceptBodies(server);
  logRequests(server);
  if (trustedProxies.length === 0) warnOfUnknownProxy(server);
  sendSecurityHeaders(server, production);
  limitQueries(server);

  await app.register(fastifyCookie);
  await allowOrigins(server, corsOrigins);

  app.useGlobalPipes(requestValidation());
  const refused = app.get(RefusedRequests);
  app.useGlobalFilters(
    new ProblemFilter([translateHttpError, translateDatabaseError], (error, host) =>
      refused.note(error, host),
    ),
  );
  if (app.get(Disclosure).describesApi) serveApiDescription(app);
  if (!production) await serveDemo(app);
}
