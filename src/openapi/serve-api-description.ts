import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { describeDemands } from './describe-demands.js';
import { describeErrors } from './describe-errors.js';
import { oauthErrorSchema } from './oauth-error-schema.js';
import { problemSchema } from './problem-schema.js';
import { refuseUnknownFields } from './refuse-unknown-fields.js';
import { RouteDemands } from './route-demands.js';

/** Serves Swagger UI at `/docs` and the OpenAPI description at `/openapi.json`. */
export function serveApiDescription(app: NestFastifyApplication): void {
  SwaggerModule.setup('docs', app, () => describeApi(app), {
    jsonDocumentUrl: 'openapi.json',
    yamlDocumentUrl: 'openapi.yaml',
    customSiteTitle: 'Latchkey',
    swaggerOptions: { persistAuthorization: false, displayRequestDuration: true },
  });
}

export function describeApi(app: NestFastifyApplication): OpenAPIObject {
  const outline = new DocumentBuilder()
    .setTitle('Latchkey')
    .setDescription(
      'Sign-in, sessions, roles and permissions. Errors are `application/problem+json`; `/errors` says what to do about each. A route that there is not answers 404 `request.not_found`.',
    )
    .setVersion('1')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT' }, 'bearer')
    .addBasicAuth({ type: 'http', scheme: 'basic' }, 'client')
    .addCookieAuth('__Host-latchkey', { type: 'apiKey', in: 'cookie' }, 'refreshCookie')
    .build();
  const document = SwaggerModule.createDocument(app, outline);
  document.components = {
    ...document.components,
    schemas: {
      ...document.components?.schemas,
      OAuthError: oauthErrorSchema,
      Problem: problemSchema,
    },
  };
  describeDemands(document, app.get(RouteDemands).byOperation());
  describeErrors(document);
  refuseUnknownFields(document);
  return document;
}
