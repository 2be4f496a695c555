import http from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { Stalls } from './stalls.js';

const LOOPS_PER_SERVICE = 2;
const PAUSE_MILLISECONDS = 15;

interface KnownToken {
  readonly token: string;
  /** When its revocation was asked for and answered, by `performance.now()`. */
  revoking?: number;
  revokedAt?: number;
}

export interface TrafficLimits {
  /** How late a revoked token may still be accepted by any service. */
  readonly acceptedMilliseconds: number;
  /** How long a request may take. */
  readonly requestMilliseconds: number;
  /** Statuses that a service may give beside the right one, as while it knows too little. */
  readonly alsoAllowed?: readonly number[];
  /** The guarded route; `/auth/me` when left out. */
  readonly path?: string;
}

/**
 * Constant, bounded load on a guarded route of several services, by valid and revoked tokens in
 * turn, that notes every answer which breaks a promise.
 */
export class GuardedTraffic {
  private readonly agent = new http.Agent({ keepAlive: true });
  private readonly known: KnownToken[] = [];
  private readonly found: string[] = [];
  private readonly stalls = new Stalls();
  private readonly loops: Promise<void>[] = [];
  private requests = 0;
  private running = true;
  private limits: TrafficLimits;

  constructor(
    private readonly origins: readonly string[],
    limits: TrafficLimits,
  ) {
    this.limits = limits;
  }

  start(): void {
    for (const origin of this.origins) {
      for (let loop = 0; loop < LOOPS_PER_SERVICE; loop++) this.loops.push(this.ask(origin));
    }
  }

  /** @param tokens valid ones, which must be accepted until they are revoked */
  accept(...tokens: string[]): void {
    for (const token of tokens) this.known.push({ token });
  }

  /** Carries out a revocation; from its answer on the token must soon be refused everywhere. */
  async revoking(token: string, revoke: () => Promise<void>): Promise<void> {
    const entry = this.known.find((one) => one.token === token);
    if (entry === undefined) throw new Error('The token is not among those accepted.');
    entry.revoking = performance.now();
    await revoke();
    entry.revokedAt = performance.now();
  }

  /** Measures something, without the time in which this process could not look. */
  stopwatch(): () => number {
    return this.stalls.stopwatch();
  }

  allow(limits: Partial<TrafficLimits>): void {
    this.limits = { ...this.limits, ...limits };
  }

  /** What broke a promise since the last call. */
  violations(): string[] {
    return this.found.splice(0);
  }

  get count(): number {
    return this.requests;
  }

  async stop(): Promise<void> {
    this.running = false;
    await Promise.all(this.loops);
    this.agent.destroy();
    this.stalls.stop();
  }

  private async ask(origin: string): Promise<void> {
    for (let turn = Math.floor(Math.random() * 1_000); this.running; turn++) {
      const entry = this.known[turn % Math.max(1, this.known.length)];
      if (entry !== undefined) await this.askOnce(origin, entry);
      await pause(PAUSE_MILLISECONDS);
    }
  }

  private async askOnce(origin: string, entry: KnownToken): Promise<void> {
    const sentAt = performance.now();
    const stopwatch = this.stalls.stopwatch();
    const status = await statusOf(origin, entry.token, this.agent, this.limits.path).catch(String);
    const took = stopwatch();
    this.requests++;
    const judgement = this.judge(entry, status, sentAt);
    if (judgement !== null) this.found.push(`${origin}: ${judgement}`);
    if (took > this.limits.requestMilliseconds) {
      this.found.push(`${origin}: a request took ${Math.round(took)} ms`);
    }
  }

  private judge(entry: KnownToken, status: number | string, sentAt: number): string | null {
    const { revoking, revokedAt } = entry;
    if (this.limits.alsoAllowed?.includes(Number(status))) return null;
    if (revoking === undefined) return status === 200 ? null : `a valid token got ${status}`;
    const late = sentAt - (revokedAt ?? Number.POSITIVE_INFINITY);
    if (status === 200 && late > this.limits.acceptedMilliseconds) {
      return `a revoked token was accepted ${Math.round(late)} ms after its revocation`;
    }
    return status === 200 || status === 401 ? null : `a revoked token got ${status}`;
  }
}

/** How the guarded route answers a token. */
export function statusOf(
  origin: string,
  token: string,
  agent?: http.Agent,
  path = '/auth/me',
): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { Authorization: `Bearer ${token}` };
    const request = http.get(origin + path, { agent, headers }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode ?? 0));
    });
    request.on('error', reject);
  });
}
