import { Injectable } from '@nestjs/common';
import type { OpenAPIObject } from '@nestjs/swagger';
import type { AccessDemands } from '../../access/access-demands.js';
import { type DeclaredRoute, DeclaredRoutes } from '../../access/declared-routes.js';
import { type Operation, operationsOf } from './operation.js';

/**
 * Says for every operation who may call it, as the guard will judge: what a controller demands and
 * what its handler demands, taken together. `x-roles` lists roles of which one is enough; where
 * both name roles it holds both lists, and one of each is needed.
 */
export function describeDemands(
  document: OpenAPIObject,
  demands: ReadonlyMap<string, AccessDemands>,
): void {
  for (const { operation } of operationsOf(document)) {
    const demanded = demands.get(operation.operationId ?? '');
    if (demanded !== undefined) mark(operation, demanded);
    operation.security ??= operation['x-public'] ? [] : [{ bearer: [] }];
  }
}

function mark(operation: Operation, demands: AccessDemands): void {
  const { public: isPublic, roles, permissions, scopes, assurance, freshSignIn } = demands;
  delete operation['x-public'];
  delete operation['x-roles'];
  delete operation['x-permissions'];
  delete operation['x-scopes'];
  delete operation['x-assurance'];
  delete operation['x-fresh-sign-in'];
  if (isPublic) {
    operation['x-public'] = true;
    return;
  }
  const needs = [
    ...permissions.map((permission) => `the permission \`${permission}\``),
    ...roles.map((anyOf) => `the role ${anyOf.map((role) => `\`${role}\``).join(' or ')}`),
    ...scopes.map((scope) => `the scope \`${scope}\``),
    ...(assurance.acr === undefined ? [] : [`an \`acr\` of \`${assurance.acr}\` at least`]),
    ...(assurance.maxAgeSeconds === undefined
      ? []
      : [`a sign-in at most ${assurance.maxAgeSeconds} seconds old`]),
    ...(freshSignIn ? ['a sign-in as fresh as `FRESH_SIGN_IN_SECONDS` says'] : []),
  ];
  if (Object.keys(assurance).length > 0) operation['x-assurance'] = assurance;
  if (freshSignIn) operation['x-fresh-sign-in'] = true;
  if (scopes.length > 0) operation['x-scopes'] = scopes;
  if (permissions.length > 0) operation['x-permissions'] = permissions;
  if (roles.length > 0) operation['x-roles'] = roles.length === 1 ? roles[0] : roles;
  if (needs.length === 0) return;
  const said = operation.description ? `${operation.description}\n\n` : '';
  operation.description = `${said}Needs ${needs.join(' and ')}.`;
}

/** What the guard will demand on each route, by the `operationId` that the description gives it. */
@Injectable()
export class RouteDemands {
  constructor(private readonly routes: DeclaredRoutes) {}

  byOperation(): Map<string, AccessDemands> {
    return new Map(
      this.routes
        .all()
        .map(({ controller, method, demands }) => [operationIdOf({ controller, method }), demands]),
    );
  }
}

/** As `@nestjs/swagger` has it. */
export function operationIdOf({
  controller,
  method,
}: Pick<DeclaredRoute, 'controller' | 'method'>): string {
  return `${controller.name}_${method}`;
}
