import type { ApiClient } from '../../support/api-client.js';
import type { Schema } from './json-schema.js';

export interface Parameter {
  readonly in: 'path' | 'query';
  readonly name: string;
  readonly required?: boolean;
  readonly description?: string;
  readonly schema: Schema;
}

export interface Content {
  readonly content?: Readonly<Record<string, { readonly schema: Schema }>>;
}

export interface Operation {
  readonly operationId: string;
  readonly summary?: string;
  readonly description?: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: Content & { readonly required?: boolean };
  readonly responses: Readonly<Record<string, Content & { readonly headers?: object }>>;
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly 'x-public'?: boolean;
  readonly 'x-roles'?: readonly string[];
  readonly 'x-permissions'?: readonly string[];
  readonly 'x-assurance'?: Readonly<Record<string, unknown>>;
  readonly 'x-fresh-sign-in'?: boolean;
  readonly 'x-errors': readonly string[];
}

export interface ApiDescription {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>;
    readonly securitySchemes: Readonly<Record<string, unknown>>;
  };
}

export interface Route extends Operation {
  /** In capitals. */
  readonly method: string;
  /** As the description writes it: `/admin/users/{id}`. */
  readonly path: string;
}

export async function describe(api: ApiClient): Promise<ApiDescription> {
  return (await api.get<ApiDescription>('/openapi.json')).body;
}

export function routesOf({ paths }: ApiDescription): Route[] {
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({
      ...operation,
      method: method.toUpperCase(),
      path,
    })),
  );
}

/** The name of a provider that `EVERY_ROUTE` has. */
export const PROVIDER = 'github';

/** Settings by which every route that is described is there. */
export const EVERY_ROUTE = {
  SINGLE_SIGN_ON: 'on',
  DYNAMIC_CLIENT_REGISTRATION: 'on',
  EXTERNAL_PROVIDERS: PROVIDER,
  EXTERNAL_GITHUB_CLIENT_ID: 'a-client',
  EXTERNAL_GITHUB_CLIENT_SECRET: 'a-secret',
};

/** The path with its parameters filled in, encoded. */
export function fillPath({ path }: Route, find: (name: string) => string): string {
  return path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(find(name)));
}

/** What an error of this answer looks like: a problem, or what OAuth has in its place. */
export function errorSchemaOf(content: Content['content']): Schema | undefined {
  return (content?.['application/problem+json'] ?? content?.['application/json'])?.schema;
}

export function jsonBodyOf({ requestBody }: Operation): Schema | undefined {
  return requestBody?.content?.['application/json']?.schema;
}
