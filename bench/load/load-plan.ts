/** What a load process is to send. */
export interface LoadPlan {
  readonly origin: string;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly connections: number;
  /** Measured for so long, after the warm-up. */
  readonly seconds: number;
  /** From the first answer on; one when left out. */
  readonly warmUpSeconds?: number;
  /** Sent in turn, by all connections together. */
  readonly tokens?: readonly string[];
  /** One for each connection. */
  readonly bodies?: readonly Readonly<Record<string, unknown>>[];
  /** The refresh token of an answer goes into the connection's next request. */
  readonly rotating?: boolean;
  /** Sends so many at even intervals, however long the answers take. */
  readonly perSecond?: number;
}

export interface LoadResult {
  /** How many answers of each status came, those of the warm-up included. */
  readonly statuses: Readonly<Record<string, number>>;
  /** Answers after the warm-up. */
  readonly perSecond: number;
  /** Not a number when nothing was answered after the warm-up. */
  readonly p50Milliseconds: number;
  readonly p99Milliseconds: number;
}
