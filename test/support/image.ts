import { execFile } from 'node:child_process';
import { mkdir, readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

interface Instruction {
  readonly name: string;
  readonly text: string;
}

/** What `docker build` makes of a Dockerfile, in a folder: its commands are run, by the same words. */
export class Image {
  readonly env: Record<string, string> = {};
  user = 'root';
  entrypoint: string[] = [];
  cmd: string[] = [];
  healthcheck: string[] = [];

  private constructor(
    /** Stands for `/`. */
    readonly root: string,
  ) {}

  /**
   * @param folder to build in
   * @param instead what to do instead of a command that needs more than this machine has
   */
  static async build(
    folder: string,
    instead: Readonly<Record<string, (workdir: string) => Promise<void>>>,
  ): Promise<Image> {
    const text = await readFile('Dockerfile', 'utf8');
    const stages = new Map<string, Image>();
    let image = new Image(folder);
    for (const { name, text: given } of instructionsOf(text)) {
      if (name === 'FROM') {
        const stage = / AS (\S+)$/i.exec(given)?.[1] ?? 'last';
        image = new Image(join(folder, stage));
        stages.set(stage, image);
      } else await image.follow(name, given, stages, instead);
    }
    return image;
  }

  /** The folder that a path of the image stands for. */
  at(path: string): string {
    return join(this.root, path);
  }

  private async follow(
    name: string,
    text: string,
    stages: ReadonlyMap<string, Image>,
    instead: Readonly<Record<string, (workdir: string) => Promise<void>>>,
  ): Promise<void> {
    if (name === 'WORKDIR') return void (await mkdir(this.at(text), { recursive: true }));
    if (name === 'COPY') return this.copy(text, stages);
    if (name === 'RUN') return instead[text]?.(this.workdir) ?? this.run(text);
    if (name === 'ENV') {
      for (const pair of text.split(' ')) {
        const [variable = '', value = ''] = pair.split('=');
        this.env[variable] = value;
      }
    } else if (name === 'USER') this.user = text;
    else if (name === 'ENTRYPOINT') this.entrypoint = JSON.parse(text);
    else if (name === 'CMD') this.cmd = JSON.parse(text);
    else if (name === 'HEALTHCHECK') this.healthcheck = JSON.parse(text.replace(/^.* CMD /, ''));
    else if (name !== 'EXPOSE') throw new Error(`What does ${name} do?`);
  }

  private get workdir(): string {
    return this.at('app');
  }

  private async copy(text: string, stages: ReadonlyMap<string, Image>): Promise<void> {
    const [, stage, paths = ''] = /^(?:--from=(\S+) )?(.*)$/.exec(text) ?? [];
    const [target = '', ...sources] = paths.split(' ').reverse();
    const ignored = stage === undefined ? await ignoredPaths() : () => false;
    for (const source of sources) {
      if (ignored(source)) throw new Error(`.dockerignore leaves out ${source}.`);
      const from = stage === undefined ? resolve(source) : (stages.get(stage)?.at(source) ?? '');
      const isFolder = (await stat(from)).isDirectory();
      const to = isFolder
        ? join(this.workdir, target)
        : join(this.workdir, target, source.replace(/.*\//, ''));
      await mkdir(dirname(to), { recursive: true });
      await run('cp', ['-a', from, to]);
    }
  }

  private async run(command: string): Promise<void> {
    const { PATH, HOME } = process.env;
    const inside = command.replaceAll(/(?<=^|\s)\/(app|usr)\//g, `${this.root}/$1/`);
    await mkdir(this.at('usr/local/bin'), { recursive: true });
    await run('sh', ['-ec', inside], { cwd: this.workdir, env: { PATH, HOME, ...this.env } });
  }
}

function instructionsOf(text: string): Instruction[] {
  return text
    .replaceAll(/^#.*\n/gm, '')
    .replaceAll('\\\n', '')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [, name = '', rest = ''] = /^(\S+)\s+(.*)$/.exec(line) ?? [];
      return { name, text: rest };
    });
}

/** Everything but what `.dockerignore` names after an exclamation mark. */
async function ignoredPaths(): Promise<(path: string) => boolean> {
  const lines = (await readFile('.dockerignore', 'utf8')).split('\n');
  const sent = lines.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
  return (path) => lines[0] === '*' && !sent.includes(path);
}
