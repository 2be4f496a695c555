import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from './eventually.js';
import { freshDirectory, ServiceProcess } from './service-process.js';

const SUITE = 'test/foreign/programs/mcp-conformance.mjs';
const START_SECONDS = 30;

/** What a check of the suite has come to, and why. */
interface Check {
  readonly id: string;
  readonly status: string;
  readonly errorMessage?: string;
}

/** One run of MCP's conformance suite, in a process of its own. */
export class McpConformance {
  private constructor(
    private readonly process: ServiceProcess,
    private readonly directory: Awaited<ReturnType<typeof freshDirectory>>,
  ) {}

  /** The names of its scenarios for authorization servers. */
  static async scenarios(): Promise<string[]> {
    const suite = await McpConformance.run(['list', '--authorization']);
    const { output } = await suite.process.ended();
    await suite.stop();
    return [...output.matchAll(/^ {2}- (\S+)/gm)].map(([, name = '']) => name);
  }

  static against(issuer: string, args: readonly string[]): Promise<McpConformance> {
    return McpConformance.run(['authorization', '--url', issuer, '-o', '.', ...args]);
  }

  private static async run(args: readonly string[]): Promise<McpConformance> {
    const directory = await freshDirectory();
    return new McpConformance(ServiceProcess.run([SUITE, ...args], directory.path, {}), directory);
  }

  /** Where it tells its user to send a browser, or nowhere if it has ended without. */
  async address(): Promise<string | undefined> {
    const found = () => /^https?:\/\/\S+\?\S+$/m.exec(this.process.output)?.[0];
    await eventually(
      () => {
        if (found() === undefined && !this.process.hasEnded) throw new Error('Not yet.');
      },
      { within: START_SECONDS },
    );
    return found();
  }

  /** Waits for its end. By the name of each check: its status, and behind it what was wrong. */
  async results(): Promise<{ exitCode: number | null; checks: Record<string, string> }> {
    const { exitCode, output, errors } = await this.process.ended();
    const checks: Record<string, string> = {};
    for (const name of await readdir(this.directory.path)) {
      const text = await readFile(join(this.directory.path, name, 'checks.json'), 'utf8');
      for (const { id, status, errorMessage } of JSON.parse(text) as Check[]) {
        checks[id] = errorMessage === undefined ? status : `${status}: ${errorMessage}`;
      }
    }
    if (Object.keys(checks).length === 0) throw new Error(`No results: ${output}${errors}`);
    return { exitCode, checks };
  }

  async stop(): Promise<void> {
    await this.process.destroy();
    await this.directory.remove();
  }
}
