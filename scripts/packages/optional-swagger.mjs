// Writes what a route demands into the API description of a service that has one.
import { loadOptional } from './load-optional.mjs';

export const ApiExtension =
  loadOptional('@nestjs/swagger')?.ApiExtension ?? (() => () => undefined);

export const ApiExcludeController =
  loadOptional('@nestjs/swagger')?.ApiExcludeController ?? (() => () => undefined);
