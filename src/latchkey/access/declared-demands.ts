import type { ExecutionContext } from '@nestjs/common';
import { StartupError } from '../platform/errors/startup-error.js';
import {
  ASSURANCE,
  FRESH_SIGN_IN,
  PERMISSIONS,
  PUBLIC,
  ROLES,
  SCOPES,
} from './access.decorators.js';
import { type AccessDemands, NO_DEMANDS } from './access-demands.js';
import { type AssuranceDemand, strictest } from './assurance.js';

// biome-ignore lint/complexity/noBannedTypes: handlers and controllers are functions to Nest
export type Decorated = Function;

/** A class or a handler, and what is declared right there. */
interface Place {
  readonly named: string;
  readonly public: boolean;
  readonly roles: readonly string[] | undefined;
  readonly permissions: readonly string[] | undefined;
  readonly scopes: readonly string[] | undefined;
  readonly assurance: AssuranceDemand | undefined;
  readonly freshSignIn: boolean;
}

const known = new WeakMap<Decorated, WeakMap<Decorated, AccessDemands>>();

/** Read from the decorators once per route, then remembered. */
export function demandsOf(context: ExecutionContext): AccessDemands {
  const handler = context.getHandler();
  const controller = context.getClass();
  return known.get(controller)?.get(handler) ?? learnDemands(controller, handler);
}

function learnDemands(controller: Decorated, handler: Decorated): AccessDemands {
  const demands = readDemands(controller, handler);
  const ofController = known.get(controller) ?? new WeakMap<Decorated, AccessDemands>();
  known.set(controller, ofController.set(handler, demands));
  return demands;
}

/**
 * What a class demands counts for its handlers and for all that extends it, what a handler demands
 * for whatever overrides it. `@Public()` opens what it was written on: a handler, also in a class that
 * demands something, or the handlers of a class that demand nothing themselves. It neither reaches
 * what extends that class, nor opens an inherited handler against what the heir demands.
 *
 * @throws StartupError when `@Public()` contradicts what is demanded at the same place, by the class
 *   that is extended or by the handler that is overridden
 */
export function readDemands(controller: Decorated, handler: Decorated): AccessDemands {
  const lineage = lineageOf(controller);
  const method = methodNameOf(lineage, handler);
  const versions = lineage.map((heir) => ownMethod(heir, method));
  const writtenIn = Math.max(0, versions.indexOf(handler));
  const classes = lineage.map((heir) => placeOf(heir, heir.name));
  const handlers = lineage.flatMap((heir, index) => {
    const version = index === writtenIn ? handler : versions[index];
    return version === undefined ? [] : [placeOf(version, `${heir.name}.${method}`)];
  });
  refuseContradictions(classes);
  refuseContradictions(handlers);

  const heirsDemand = classes.slice(0, writtenIn).some(demandsSomething);
  const openedHere = handlers[0]?.public === true && !heirsDemand;
  const openedByClass = classes[0]?.public === true && !handlers.some(demandsSomething);
  if (openedHere || openedByClass) return { ...NO_DEMANDS, public: true };
  // From the outside to the inside, as it is read.
  const places = [...classes.toReversed(), ...handlers.toReversed()];
  return {
    public: false,
    roles: places.flatMap(({ roles }) => (roles === undefined ? [] : [roles])),
    permissions: [...new Set(places.flatMap(({ permissions = [] }) => permissions))],
    scopes: [...new Set(places.flatMap(({ scopes = [] }) => scopes))],
    assurance: strictest(places.map(({ assurance = {} }) => assurance)),
    freshSignIn: places.some(({ freshSignIn }) => freshSignIn),
  };
}

/** A class and all that it extends, itself first. */
function lineageOf(controller: Decorated): Decorated[] {
  const parent = Object.getPrototypeOf(controller);
  return typeof parent?.prototype === 'object' ? [controller, ...lineageOf(parent)] : [controller];
}

/** By what name an heir would override the handler. */
function methodNameOf(lineage: readonly Decorated[], handler: Decorated): string {
  const names = lineage.flatMap((heir) => Object.getOwnPropertyNames(heir.prototype));
  const isIt = (name: string) => lineage.some((heir) => ownMethod(heir, name) === handler);
  return names.find(isIt) ?? handler.name;
}

function ownMethod(heir: Decorated, name: string): Decorated | undefined {
  const value = Object.getOwnPropertyDescriptor(heir.prototype, name)?.value;
  return typeof value === 'function' ? value : undefined;
}

function placeOf(target: Decorated, named: string): Place {
  return {
    named,
    public: Reflect.getOwnMetadata(PUBLIC, target) === true,
    roles: Reflect.getOwnMetadata(ROLES, target),
    permissions: Reflect.getOwnMetadata(PERMISSIONS, target),
    scopes: Reflect.getOwnMetadata(SCOPES, target),
    assurance: Reflect.getOwnMetadata(ASSURANCE, target),
    freshSignIn: Reflect.getOwnMetadata(FRESH_SIGN_IN, target) === true,
  };
}

function demandsSomething({ freshSignIn, ...place }: Place): boolean {
  const { roles, permissions, scopes, assurance } = place;
  const demands = [roles, permissions, scopes, assurance];
  return demands.some((demand) => demand !== undefined) || freshSignIn;
}

/** @param line what is nearest first: an heir, or the version of a handler that overrides the others */
function refuseContradictions(line: readonly Place[]): void {
  for (const [index, place] of line.entries()) {
    const demanding = line.slice(index).find(demandsSomething);
    if (!place.public || demanding === undefined) continue;
    const where = demanding === place ? 'it' : `${demanding.named}, which it builds on,`;
    throw new StartupError(
      `${place.named} is @Public(), but ${where} demands something of its caller: take one of the two away.`,
    );
  }
}
