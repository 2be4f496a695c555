import type { Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { dump } from 'js-yaml';
import { DeclaredRoutes } from '../../access/declared-routes.js';
import { RegisterBody } from '../../auth/registration/registration.dto.js';
import { ProvidedRegistrationFields } from '../../auth/registration/registration-fields.js';
import { RefreshCookie } from '../../auth/session/token-delivery.js';
import { providerRoutes } from '../../oauth/authorize/of-single-sign-on.js';
import { registrationRoutes } from '../../oauth/clients/registration/of-registration.js';
import { RegistrationConfig } from '../../oauth/clients/registration/registration.config.js';
import { serveDocument } from '../../platform/http/answers/served-document.js';
import { SingleSignOnConfig } from '../../tokens/sessions/sso/single-sign-on.config.js';
import { describeDemands, operationIdOf, RouteDemands } from './describe-demands.js';
import { describeErrors, isOfOAuth } from './describe-errors.js';
import { oauthErrorSchema, problemSchema } from './error-responses.js';
import { leaveOutOperations } from './leave-out-operations.js';
import { operationsOf } from './operation.js';
import { serveSwaggerUi } from './serve-swagger-ui.js';

/**
 * Serves the OpenAPI description at `/openapi.json` and `/openapi.yaml`, and Swagger UI, which shows
 * it, at `/docs`.
 */
export function serveApiDescription(app: NestFastifyApplication): void {
  const server = app.getHttpAdapter().getInstance();
  let description: OpenAPIObject | undefined;
  const described = () => {
    description ??= describeApi(app);
    return description;
  };
  serveDocument(server, '/openapi.json', async () => ({
    type: 'application/json; charset=utf-8',
    body: JSON.stringify(described()),
  }));
  serveDocument(server, '/openapi.yaml', async () => ({
    type: 'application/yaml; charset=utf-8',
    body: dump(described(), { skipInvalid: true, noRefs: true }),
  }));
  serveSwaggerUi(server);
}

/** Their order at `/docs`; the tags of a team's features follow. */
const TAGS = [
  'Authentication',
  'Own account',
  'Services',
  'Admin: users',
  'Admin: roles',
  'Admin: sessions',
  'Admin: clients',
  'Admin: signing keys',
  'Admin: audit events',
  'Admin: outbox',
  'Operations',
];

export function describeApi(app: NestFastifyApplication): OpenAPIObject {
  const outline = new DocumentBuilder()
    .setTitle('Latchkey')
    .setDescription(
      'Sign-in, sessions, roles and permissions. Errors are `application/problem+json`; `/errors` says what to do about each. An unknown route answers 404 `request.not_found`.',
    )
    .setVersion('1')
    // Relative to where the description is: below the path under which a proxy serves it.
    .addServer('./')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT' }, 'bearer')
    .addBasicAuth({ type: 'http', scheme: 'basic' }, 'client')
    .addCookieAuth(
      app.get(RefreshCookie, { strict: false }).name,
      { type: 'apiKey', in: 'cookie' },
      'refreshCookie',
    )
    .build();
  outline.tags = TAGS.map((name) => ({ name }));
  const registrationFields = app.get(ProvidedRegistrationFields, { strict: false }).types();
  const extraModels = [...registrationFields];
  const document = SwaggerModule.createDocument(app, outline, { extraModels });
  leaveOutOperations(document, switchedOffIn(app));
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
  describeRegistrationFields(document, registrationFields);
  return document;
}

/** What is answered as if it were not there. */
function switchedOffIn(app: NestFastifyApplication): ReadonlySet<string> {
  const signsIn = app.get(SingleSignOnConfig, { strict: false }).isOn;
  const registers = app.get(RegistrationConfig, { strict: false }).isOn;
  const routes = app.get(DeclaredRoutes, { strict: false }).all();
  const off = routes.filter(
    (route) =>
      (!signsIn && providerRoutes.has(route)) || (!registers && registrationRoutes.has(route)),
  );
  return new Set(off.map(operationIdOf));
}

/** Adds the fields that features ask for to the body of a registration. */
function describeRegistrationFields(document: OpenAPIObject, types: readonly Type[]): void {
  const schemas = document.components?.schemas ?? {};
  const body = schemas[RegisterBody.name];
  for (const { name } of types) {
    const own = schemas[name];
    if (body === undefined || '$ref' in body || own === undefined || '$ref' in own) continue;
    body.properties = { ...body.properties, ...own.properties };
    body.required = [...(body.required ?? []), ...(own.required ?? [])];
  }
}

const SCHEMAS = '#/components/schemas/';

/** Says of every request body what the validation does: a field that is not named is refused. */
export function refuseUnknownFields(document: OpenAPIObject): void {
  const schemas = document.components?.schemas ?? {};
  for (const { operation } of operationsOf(document)) {
    const reference = operation.requestBody?.content?.['application/json']?.schema?.$ref;
    const schema = schemas[reference?.slice(SCHEMAS.length) ?? ''];
    if (isOfOAuth(operation)) continue;
    if (schema !== undefined && !('$ref' in schema)) schema.additionalProperties = false;
  }
}
