import { fastifyCookie } from '@fastify/cookie';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { RefusedRequests } from '../audit/refused-requests.js';
import { serveDemo } from '../operations/demo/serve-demo.js';
import { serveApiDescription } from '../operations/openapi/serve-api-description.js';
import { servePages } from '../operations/pages/serve-pages.js';
import { RuntimeConfig } from '../platform/config/runtime.config.js';
import { translateDatabaseError } from '../platform/database/translate-database-error.js';
import { ProblemFilter } from '../platform/errors/problem.filter.js';
import { translateHttpError } from '../platform/errors/translate-http-error.js';
import { allowOrigins } from '../platform/http/answers/cross-origin.js';
import { sendSecurityHeaders } from '../platform/http/answers/security-headers.js';
import { limitQueries } from '../platform/http/bodies/parameter-limit.js';
import { acceptBodies } from '../platform/http/bodies/request-bodies.js';
import { Disclosure } from '../platform/http/disclosure/disclosure.js';
import { HttpConfig } from '../platform/http/http.config.js';
import { logRequests } from '../platform/http/server/log-requests.js';
import { tellRequestIdentity } from '../platform/http/server/request-identity.js';
import { warnOfUnknownProxy } from '../platform/http/server/warn-of-unknown-proxy.js';
import { requestValidation } from '../platform/http/validation/request-validation.js';
import { DevMailbox } from '../platform/mail/dev-mailbox.js';
import { serveDevMail } from '../platform/mail/serve-dev-mail.js';

/**
 * A visitor of `/` finds a page, unless a feature has a route there. The address is relative: there
 * may be a path prefix in front.
 */
function leadOnFromRoot(server: FastifyInstance, page: string): void {
  server.addHook('onRequest', (request, reply, done) => {
    if (request.is404 && request.url === '/' && request.method === 'GET') reply.redirect(page);
    else done();
  });
}

/** Pipes, filter, cookies, headers and the API description: the same in production and in tests. */
export async function configureApp(app: NestFastifyApplication): Promise<void> {
  const { production } = app.get(RuntimeConfig);
  const { corsOrigins, trustedProxies, hsts } = app.get(HttpConfig);
  const server = app.getHttpAdapter().getInstance();
  server.decorateRequest('principal', undefined);
  acceptBodies(server);
  tellRequestIdentity(server, trustedProxies);
  logRequests(server, ({ principal }) => principal);
  if (trustedProxies.length === 0) warnOfUnknownProxy(server);
  sendSecurityHeaders(server, production ? hsts : 'off');
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
  const { describesApi } = app.get(Disclosure);
  if (describesApi) serveApiDescription(app);
  if (!production) await serveDemo(app);
  const devMailbox = app.get(DevMailbox);
  if (devMailbox.enabled) serveDevMail(server, devMailbox);
  const hasPages = await servePages(app);
  const first = firstPage({ production, hasPages, describesApi });
  if (first !== null) leadOnFromRoot(server, first);
}

/** What a visitor without an address wants to see: who builds, the demo; everybody else, their account. */
function firstPage(has: { production: boolean; hasPages: boolean; describesApi: boolean }) {
  if (!has.production) return 'demo';
  if (has.hasPages) return 'pages/account';
  return has.describesApi ? 'docs' : null;
}
