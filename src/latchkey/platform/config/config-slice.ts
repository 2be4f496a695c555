import 'reflect-metadata';
/**
 * A module's settings are a class: each property names its environment variable, its default and
 * its rules (class-validator). Declaring the class enters it into what `loadConfig` checks.
 */
export type ConfigSliceClass<T extends object = object> = new () => T;

export interface VariableBinding {
  readonly property: string;
  readonly variable: string;
}

/** What a slice refuses in production although each value is well-formed. */
export interface RefusesInProduction {
  /** One line per refusal, naming the variable and never its value. */
  productionRefusals(): string[];
}

/** A slice some of whose variables have names that depend on the values of others. */
export interface ReadsVariables {
  /**
   * Called once the bound properties have been read.
   *
   * @returns one line per problem, naming the variable and never its value
   */
  readVariables(environment: Readonly<Record<string, string | undefined>>): string[];
}

const slices = new Set<ConfigSliceClass>();
const bindings = new Map<unknown, VariableBinding[]>();

/**
 * Declares a class of settings: they are read from the environment and checked with all others before
 * anything starts, and the class can be injected anywhere.
 *
 * @example
 * ```ts
 * @ConfigSlice()
 * export class NotesConfig {
 *   @FromEnv('NOTES_MAX_PER_USER')
 *   @IsInt()
 *   @Min(1)
 *   maxPerUser: number = 1_000;
 * }
 * ```
 */
export function ConfigSlice(): ClassDecorator {
  return (target) => {
    slices.add(target as unknown as ConfigSliceClass);
  };
}

/** Binds a property to an environment variable; the property's declared type decides how it is read. */
export function FromEnv(variable: string): PropertyDecorator {
  return (prototype, property) => {
    const own = bindings.get(prototype.constructor) ?? [];
    bindings.set(prototype.constructor, [...own, { property: String(property), variable }]);
  };
}

export function declaredSlices(): ConfigSliceClass[] {
  return [...slices];
}

export function variablesOf(slice: ConfigSliceClass): VariableBinding[] {
  return bindings.get(slice) ?? [];
}
