import { spawn } from 'node:child_process';
import { chmod, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { shippedProgram } from './programs/program.js';
import { onThisMachine } from './time-limits.js';

/** A fenced block of a page: its language, and what its first line says after it. */
interface Block {
  readonly language: string;
  readonly marks: readonly string[];
  readonly text: string;
}

/** What a page promises that a block prints: each line in it, in this order; `…` stands for anything. */
interface Promised {
  readonly block: number;
  readonly lines: readonly string[];
}

/**
 * A page whose marked blocks are run as they stand, one after the other, in one shell, as in a clone:
 *
 * - `sh run`: commands. All have to succeed.
 * - `<language> file=<path>`: a file, which is there before the first command.
 * - `text output`: what the commands before it print.
 */
export class RunnablePage {
  private constructor(
    readonly files: ReadonlyMap<string, string>,
    private readonly commands: readonly string[],
    private readonly promised: readonly Promised[],
    /** First lines of blocks that hold commands and are not marked, or that do not say what they hold. */
    readonly unmarked: readonly string[],
  ) {}

  static async read(path: string): Promise<RunnablePage> {
    const files = new Map<string, string>();
    const commands: string[] = [];
    const promised: Promised[] = [];
    const unmarked: string[] = [];
    for (const { language, marks, text } of blocksOf(await readFile(path, 'utf8'))) {
      if ((language === '' || language === 'sh') && !marks.includes('run')) {
        unmarked.push(text.split('\n')[0] ?? '');
      }
      const file = marks.find((mark) => mark.startsWith('file='))?.slice('file='.length);
      if (file !== undefined) files.set(file, text);
      if (marks.includes('run')) commands.push(text);
      if (marks.includes('output'))
        promised.push({ block: commands.length - 1, lines: text.trimEnd().split('\n') });
    }
    return new RunnablePage(files, commands, promised, unmarked);
  }

  get isEmpty(): boolean {
    return this.commands.length === 0;
  }

  /**
   * @param directory a scratch one
   * @param replaced texts of the page, such as addresses, by those of the test
   * @param env what the command line goes by
   * @returns what was promised and is not so, and what was printed instead; empty when all is well
   */
  async run(
    directory: string,
    replaced: Readonly<Record<string, string>>,
    env: Readonly<Record<string, string>>,
  ): Promise<string[]> {
    const here = (text: string) =>
      Object.entries(replaced).reduce((all, [from, to]) => all.replaceAll(from, to), text);
    for (const [path, text] of this.files) {
      await mkdir(dirname(join(directory, path)), { recursive: true });
      await writeFile(join(directory, path), here(text));
    }
    for (const folder of ['examples', 'scripts']) {
      await symlink(resolve(folder), join(directory, folder));
    }
    await writeCommands(join(directory, '.bin'));
    const { exitCode, printed } = await shell(this.commands.map(here), directory, env);
    if (exitCode !== 0) return [`Exit code ${exitCode} after:\n${printed.join('\n')}`];
    return this.promised.flatMap(({ block, lines }) => {
      const text = printed[block] ?? '';
      return patternOf(lines).test(text) ? [] : [`Not as promised:\n${text}`];
    });
  }
}

function blocksOf(page: string): Block[] {
  return [...page.matchAll(/^```(\S*) ?([^\n]*)\n([\s\S]*?)^```$/gm)].map(
    ([, language = '', marks = '', text = '']) => ({ language, marks: marks.split(' '), text }),
  );
}

function patternOf(lines: readonly string[]): RegExp {
  const literal = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const patterns = lines.map((line) => line.split('…').map(literal).join('.*'));
  return new RegExp(patterns.join('[\\s\\S]*'));
}

/** What the pages call, where it is: this clone, built. */
async function writeCommands(folder: string): Promise<void> {
  const latchkey = `exec "${process.execPath}" "${resolve(await shippedProgram('cli'))}" "$@"`;
  const example = `exec "${process.execPath}" --import ./scripts/typescript/register.mjs examples/orders-service/main.ts`;
  const npm = `[ "$1" = run ] || exit 0
    shift
    while [ "$\{1#-}" != "$1" ]; do shift; done
    [ "$1" = example ] && ${example}
    [ "$1" = cli ] || exit 0
    shift 2
    ${latchkey}`;
  await mkdir(folder, { recursive: true });
  for (const [name, text] of Object.entries({ latchkey, npm })) {
    await writeFile(join(folder, name), `#!/bin/sh\n${text}\n`);
    await chmod(join(folder, name), 0o755);
  }
}

async function shell(
  commands: readonly string[],
  directory: string,
  env: Readonly<Record<string, string>>,
): Promise<{ exitCode: number | null; printed: string[] }> {
  const mark = '@@ block @@';
  const script = commands.map((text) => `printf '%s\\n' '${mark}'\n${text}`).join('\n');
  const farewell = "trap 'kill $(jobs -p) 2>/dev/null || true' EXIT";
  const child = spawn('bash', ['-euo', 'pipefail', '-c', `exec 2>&1\n${farewell}\n${script}`], {
    cwd: directory,
    env: { ...env, PATH: `${join(directory, '.bin')}:${process.env.PATH}`, HOME: directory },
    timeout: onThisMachine(60_000),
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part) => {
    text += part;
  });
  const exitCode = await new Promise<number | null>((done) => child.once('exit', done));
  return { exitCode, printed: text.split(`${mark}\n`).slice(1) };
}
