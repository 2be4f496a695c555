import type { BenchRun } from '../bench-run.js';
import { BenchChild } from '../processes/bench-child.js';
import type { MeasuredServer } from '../servers/measured-server.js';
import type { LoadPlan, LoadResult } from './load-plan.js';

const SCRIPT = new URL('./load-process.ts', import.meta.url);

/** What a load did to a server. */
export interface Sample extends LoadResult {
  /** Processor time of the server for each request, in microseconds. */
  readonly processorMicroseconds: number;
  /** Which part of the time the server kept a processor busy. */
  readonly busy: number;
}

/** Sends load from a process of its own. */
export class LoadGenerator {
  private constructor(private readonly child: BenchChild) {}

  static async start(bench: BenchRun): Promise<LoadGenerator> {
    return bench.own(new LoadGenerator(await BenchChild.start(SCRIPT)));
  }

  /**
   * @param expected.refusals statuses that are part of what is measured
   * @throws Error when anything is answered by another error
   */
  async run(
    plan: LoadPlan,
    { refusals = [] }: { readonly refusals?: readonly number[] } = {},
  ): Promise<LoadResult> {
    const result = await this.child.ask<LoadResult>('run', plan);
    const refused = Object.keys(result.statuses)
      .map(Number)
      .filter((status) => status >= 300 && !refusals.includes(status));
    if (refused.length === 0) return result;
    throw new Error(`${plan.method} ${plan.path} answered ${JSON.stringify(result.statuses)}.`);
  }

  async measure(server: MeasuredServer, plan: Omit<LoadPlan, 'origin'>): Promise<Sample> {
    const before = await server.usage();
    const startedAt = performance.now();
    const result = await this.run({ ...plan, origin: server.origin });
    const elapsedMicroseconds = (performance.now() - startedAt) * 1_000;
    const { processorMicroseconds } = await server.usage();
    if (result.perSecond === 0) throw new Error(`${plan.path} was not answered in time.`);
    const used = processorMicroseconds - before.processorMicroseconds;
    const requests = Object.values(result.statuses).reduce((sum, count) => sum + count, 0);
    return {
      ...result,
      processorMicroseconds: used / requests,
      busy: used / elapsedMicroseconds,
    };
  }

  stop(): Promise<void> {
    return this.child.stop();
  }
}
