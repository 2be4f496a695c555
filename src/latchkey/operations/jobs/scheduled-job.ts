/**
 * Something that is to be done every so often by one instance, whichever it is. Extend it and provide the
 * class in any module. It runs once in each interval, counted from when it last began, however many
 * instances there are and however often they restart; for the first time an interval after it is first
 * deployed. When the instance that runs it dies, another begins it again within seconds: let a run that
 * was cut off do no harm. What it throws is logged, and it is tried again an interval later.
 *
 * @example
 * ```ts
 * @Injectable()
 * export class SendDigests extends ScheduledJob {
 *   readonly name = 'send-digests';
 *   readonly intervalSeconds = 86_400;
 *   async run(signal: AbortSignal) {
 *     for (const user of await this.digests.due()) {
 *       if (signal.aborted) return;
 *       await this.digests.send(user);
 *     }
 *   }
 * }
 * ```
 */
export abstract class ScheduledJob {
  /** Words in lower case with dashes, of one job alone: another version of it keeps its name. */
  abstract readonly name: string;

  abstract readonly intervalSeconds: number;

  /**
   * @param signal aborted when the process stops, which waits for the run for ten seconds, or when
   *   another instance may have taken over, because the connection that holds the lock is lost
   */
  abstract run(signal: AbortSignal): Promise<void>;
}
