import { BenchChild } from '../processes/bench-child.js';
import type { ResourceUsage } from './resource-usage.js';
import { BENCH_PERMISSION } from './small-answer.js';
import type { Statement } from './statement-log.js';

export interface StartedSession {
  readonly sessionId: string;
  readonly refreshToken: string;
  readonly accessToken: string;
}

/** A server process that is measured: Latchkey, or what it is compared with. */
export class MeasuredServer {
  private constructor(
    private readonly child: BenchChild,
    readonly origin: string,
  ) {}

  static async start(script: URL, env: Readonly<Record<string, string>>): Promise<MeasuredServer> {
    const child = await BenchChild.start(script, { env });
    return new MeasuredServer(child, String(child.ready));
  }

  usage(): Promise<ResourceUsage> {
    return this.child.ask('usage');
  }

  /** Access tokens for the guarded route, each of another session. */
  issueTokens(count: number, permissions = [BENCH_PERMISSION]): Promise<string[]> {
    return this.child.ask('issueTokens', { count, permissions });
  }

  startSessions(count: number, permissions = [BENCH_PERMISSION]): Promise<StartedSession[]> {
    return this.child.ask('startSessions', { count, permissions });
  }

  latestStatements(): Promise<Statement[]> {
    return this.child.ask('latestStatements');
  }

  stop(): Promise<void> {
    return this.child.stop();
  }
}
