import {
  Argument,
  CommanderError,
  InvalidArgumentError,
  Option,
  Command as Program,
} from 'commander';
import { commandLine, IMAGE_COMMAND } from '../../platform/config/command-line.js';
import { printable } from '../../platform/http/validation/plain-text.js';
import type { Command } from './command.js';
import { exitCodesHelp, WRONG_USE } from './exit-codes.js';
import type { ArgumentDeclaration, OptionDeclaration } from './values.js';

/** What reads the command line beside the commands themselves. */
export type Run = (command: Command, values: Readonly<Record<string, unknown>>) => Promise<void>;

/**
 * Reads a command line by what the commands declare, and runs the one that it names. Shows help where it
 * is asked for; where the command line is wrong, says how on standard error and sets the exit code.
 *
 * @throws what the command throws
 */
export async function runProgram(
  commands: readonly Command[],
  argv: readonly string[],
  run: Run,
): Promise<void> {
  const command = commands.find(({ name }) => startsWith(argv, name));
  const words = wordsOf(command?.name ?? '').length;
  const typed = argv.slice(words);
  const apart = command === undefined ? typed : withArgumentsApart(command, typed);
  try {
    const program = programOf(commands, typed, run);
    await program.parseAsync([...argv.slice(0, words), ...apart], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode !== 0) process.exitCode = WRONG_USE;
  }
}

/** @param typed what follows the command's name, for commands that read it themselves */
export function programOf(
  commands: readonly Command[],
  typed: readonly string[],
  run: Run,
): Program {
  const called = commandLine();
  const program = new Program(called)
    .description('Does one thing for an operator of Latchkey, beside services that run or without.')
    .helpOption('-h, --help', 'Show what a command does and takes.')
    .helpCommand('help [command]', 'The same.')
    .showHelpAfterError(`"${called} --help" shows the commands.`)
    .configureHelp({ subcommandDescription: shortly })
    .exitOverride()
    .configureOutput({
      writeOut: (text) => process.stdout.write(shown(text)),
      writeErr: (text) => process.stderr.write(shown(text)),
      outputError: (text, write) => write(inASentence(text)),
    });
  if (called === IMAGE_COMMAND) program.command('serve').description('Serve until told to stop.');
  for (const command of commands) add(program, command, typed, run);
  return program.addHelpText('after', exitCodesHelp(called));
}

function add(program: Program, command: Command, typed: readonly string[], run: Run): void {
  const { name, summary, examples = [], usage, arguments: places = {}, options = {} } = command;
  const called = `${commandLine()} ${name}`;
  const leaf = placeOf(program, name)
    .description(summary)
    .showHelpAfterError(`"${called} --help" says more.`);
  if (examples.length > 0) {
    const lines = examples.map((example) => `\n  ${commandLine()} ${example}`);
    leaf.addHelpText('after', `\nExamples:${lines.join('')}`);
  }
  if (usage !== undefined) {
    leaf.usage(usage).allowUnknownOption().allowExcessArguments();
    leaf.action(() => run(command, { typed }));
    return;
  }
  leaf.usage(usageOf(command));
  for (const declared of Object.values(places)) leaf.addArgument(argumentOf(declared));
  for (const [key, declared] of Object.entries(options)) leaf.addOption(optionOf(key, declared));
  leaf.action((...given: unknown[]) => {
    const byPlace = Object.keys(places).map((key, index) => [key, given[index]] as const);
    const read = leaf.opts();
    const byName = Object.entries(options).map(
      ([key, declared]) => [key, read[key] ?? declared.otherwise] as const,
    );
    return run(command, Object.fromEntries([...byPlace, ...byName]));
  });
}

/** Commands of two words stand below their first one. */
function placeOf(program: Program, name: string): Program {
  return wordsOf(name).reduce(
    (above, word) => above.commands.find((known) => known.name() === word) ?? above.command(word),
    program,
  );
}

function argumentOf({ name, about, form }: ArgumentDeclaration): Argument {
  const argument = new Argument(`<${name}>`, about);
  if (form === undefined) return argument;
  return argument.argParser((text: string) => {
    if (!form.test(text)) throw new InvalidArgumentError(about);
    return text;
  });
}

function optionOf(key: string, declared: OptionDeclaration): Option {
  const { about, choices, repeatable, whole, otherwise } = declared;
  const option = new Option(flagsOf(key, declared), repeatable ? `${about} Repeatable.` : about);
  if (declared.required) option.makeOptionMandatory();
  if (otherwise !== undefined && otherwise !== false) option.default(otherwise);
  if (choices !== undefined) option.choices(choices);
  if (whole !== undefined) option.argParser((text: string) => wholeNumberOf(text, whole));
  if (repeatable) {
    option.argParser((text: string, former: string[] = []) => [...former, text]);
  }
  return option;
}

function wholeNumberOf(text: string, { min, max }: { min: number; max: number }): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= min && number <= max) return number;
  throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
}

/** `createdBefore` is `--created-before <time>`. */
export function flagsOf(key: string, { placeholder }: OptionDeclaration): string {
  const long = `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  return placeholder === undefined ? long : `${long} <${placeholder}>`;
}

/** What must be given, and whether there is more. */
export function usageOf({
  arguments: places = {},
  options = {},
  usage,
}: Pick<Command, 'arguments' | 'options' | 'usage'>): string {
  if (usage !== undefined) return usage;
  const named = Object.entries(options);
  const parts = [
    ...Object.values(places).map(({ name }) => `<${name}>`),
    ...named.filter(([, one]) => one.required).map(([key, one]) => flagsOf(key, one)),
    ...(named.some(([, one]) => !one.required) ? ['[options]'] : []),
  ];
  return parts.join(' ');
}

/**
 * What has the form of an argument is that argument and no option, though it begin with a dash: one kid in
 * 64 does. What follows an option that takes a value is that value.
 */
function withArgumentsApart(command: Command, typed: readonly string[]): readonly string[] {
  const forms = Object.values(command.arguments ?? {}).flatMap(({ form }) => form ?? []);
  if (typed.includes('--')) return typed;
  const takeValues = Object.entries(command.options ?? {})
    .filter(([, { placeholder }]) => placeholder !== undefined)
    .map(([key, declared]) => flagsOf(key, declared).split(' ')[0]);
  const isArgument = (text: string, at: number) =>
    forms.some((form) => form.test(text)) && !takeValues.includes(typed[at - 1]);
  const found = typed.filter(isArgument);
  if (found.length === 0) return typed;
  return [...typed.filter((text, at) => !isArgument(text, at)), '--', ...found];
}

function startsWith(argv: readonly string[], name: string): boolean {
  return argv.slice(0, wordsOf(name).length).join(' ') === name;
}

function wordsOf(name: string): string[] {
  return name === '' ? [] : name.split(' ');
}

/** In a list of commands: what there is below a first word, and of a command its first sentence. */
function shortly(command: Program): string {
  if (command.commands.length > 0) return command.commands.map((one) => one.name()).join(', ');
  return /^.*?[.?](?= |$)/.exec(command.description())?.[0] ?? command.description();
}

function shown(text: string): string {
  return text.split('\n').map(printable).join('\n');
}

function inASentence(text: string): string {
  const said = text.replace(/^error: /, '');
  return said.charAt(0).toUpperCase() + said.slice(1);
}
