import 'reflect-metadata';
import { validateSync } from 'class-validator';
import { StartupError } from '../errors/startup-error.js';
import {
  type ConfigSliceClass,
  declaredSlices,
  type ReadsVariables,
  type RefusesInProduction,
  variablesOf,
} from './config-slice.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Every declared slice, filled and valid. */
export class LoadedConfig {
  constructor(private readonly values: ReadonlyMap<ConfigSliceClass, object>) {}

  get<T extends object>(slice: ConfigSliceClass<T>): T {
    const value = this.values.get(slice);
    if (value === undefined) throw new Error(`${slice.name} is not a declared config slice.`);
    return value as T;
  }

  entries(): [ConfigSliceClass, object][] {
    return [...this.values];
  }
}

/**
 * Reads every declared slice from the environment. An empty variable counts as unset.
 *
 * @throws StartupError naming all bad variables together, and never a value.
 */
export function loadConfig(environment: Environment): LoadedConfig {
  const problems = new Set<string>();
  const values = new Map<ConfigSliceClass, object>();
  for (const slice of declaredSlices()) {
    const value = fill(slice, environment);
    for (const problem of problemsOf(slice, value)) problems.add(problem);
    if (readsVariables(value)) {
      for (const problem of value.readVariables(environment)) problems.add(problem);
    }
    if (environment.NODE_ENV?.trim() === 'production' && refuses(value)) {
      for (const refusal of value.productionRefusals()) problems.add(refusal);
    }
    values.set(slice, value);
  }
  if (problems.size > 0) {
    const list = [...problems].map((problem) => `\n  - ${problem}`).join('');
    throw new StartupError(`The environment is not valid:${list}`);
  }
  return new LoadedConfig(values);
}

function fill(slice: ConfigSliceClass, environment: Environment): object {
  const value = new slice();
  for (const { property, variable } of variablesOf(slice)) {
    const text = environment[variable]?.trim();
    if (text === undefined || text === '') continue;
    const type = Reflect.getMetadata('design:type', slice.prototype, property);
    Object.assign(value, { [property]: read(text, type) });
  }
  return value;
}

function read(text: string, type: unknown): unknown {
  if (type === Number) return Number(text);
  if (type === Boolean) return text === 'true' ? true : text === 'false' ? false : text;
  if (type !== Array) return text;
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

function problemsOf(slice: ConfigSliceClass, value: object): string[] {
  const variables = new Map(variablesOf(slice).map((bound) => [bound.property, bound.variable]));
  return validateSync(value, { forbidUnknownValues: false }).flatMap(
    ({ property, constraints }) => {
      const variable = variables.get(property) ?? property;
      return Object.values(constraints ?? {}).map((text) => text.replaceAll(property, variable));
    },
  );
}

function readsVariables(value: object): value is ReadsVariables {
  return 'readVariables' in value;
}

function refuses(value: object): value is RefusesInProduction {
  return 'productionRefusals' in value;
}
