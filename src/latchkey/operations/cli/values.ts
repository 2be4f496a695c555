/** What a command takes under a name of its own: `--role <name>`. */
export interface OptionDeclaration<Value = unknown> {
  readonly about: string;
  /** What stands for the value in the help; absent for a flag. */
  readonly placeholder?: string;
  readonly choices?: readonly string[];
  readonly required?: boolean;
  readonly repeatable?: boolean;
  readonly whole?: { readonly min: number; readonly max: number };
  readonly otherwise?: Value;
  /** Of the types alone: what the command is given. */
  readonly gives?: { readonly value: Value };
}

/** What a command takes by its place: `<account>`. */
export interface ArgumentDeclaration<Value = unknown> {
  readonly name: string;
  readonly about: string;
  /** What is not of this form is refused, and what is of it may begin with a dash. */
  readonly form?: RegExp;
  readonly gives?: { readonly value: Value };
}

/** What a command takes, by its own names of it: `createdBefore` is `--created-before`. */
export interface Inputs {
  readonly arguments?: Readonly<Record<string, ArgumentDeclaration>>;
  readonly options?: Readonly<Record<string, OptionDeclaration>>;
}

type Gives<Declared> = Declared extends { readonly gives?: { readonly value: infer Value } }
  ? Value
  : never;

type Given<Declared> = { readonly [Name in keyof Declared]: Gives<Declared[Name]> };

/** What a command that declares these inputs is run with. */
export type ValuesOf<Declared extends Inputs> = Given<NonNullable<Declared['arguments']>> &
  Given<NonNullable<Declared['options']>>;

/** Given, or not. */
export function flag(about: string): OptionDeclaration<boolean> {
  return { about, otherwise: false };
}

/** Any text, or none. */
export function text(placeholder: string, about: string): OptionDeclaration<string | undefined> {
  return { about, placeholder };
}

/** May be given many times. */
export function texts(placeholder: string, about: string): OptionDeclaration<string[] | undefined> {
  return { about, placeholder, repeatable: true };
}

/** One of these, or none. */
export function choice<const Choice extends string>(
  choices: readonly Choice[],
  about: string,
): OptionDeclaration<Choice | undefined> {
  return { about, placeholder: 'which', choices };
}

/** A whole number within bounds, or none. */
export function wholeNumber(
  placeholder: string,
  about: string,
  whole: { readonly min: number; readonly max: number },
): OptionDeclaration<number | undefined> {
  return { about, placeholder, whole };
}

/** Without it the command is not run. */
export function required<Value>(
  option: OptionDeclaration<Value | undefined>,
): OptionDeclaration<Value> {
  return { ...option, required: true } as OptionDeclaration<Value>;
}

/** What it is where it is not given. */
export function otherwise<Value>(
  value: Value,
  option: OptionDeclaration<Value | undefined>,
): OptionDeclaration<Value> {
  return { ...option, otherwise: value } as OptionDeclaration<Value>;
}

/** Given by its place, and always. */
export function argument(name: string, about: string, form?: RegExp): ArgumentDeclaration<string> {
  return { name, about, ...(form !== undefined && { form }) };
}

/** What a command of yours may declare that it takes. */
export const cli = { argument, choice, flag, otherwise, required, text, texts, wholeNumber };
