import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnModuleInit,
} from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '../platform/clock/clock.js';
import { PeriodicTask } from '../platform/clock/periodic-task.js';
import { AuditTrail } from './audit-trail.js';
import type { RecordedEvent } from './recorded-event.js';

const HOUR_MILLISECONDS = 3_600_000;
const SWEEP_MILLISECONDS = 60_000;
/** Told apart in an hour; whatever comes beyond them is counted together. */
const MAX_SUBJECTS = 1_000;
const OTHERS = 'others';

interface Repeated {
  readonly sinceMilliseconds: number;
  /** Besides the first, which has been recorded. */
  count: number;
  last: RecordedEvent;
}

/**
 * Records what anybody can do as often as they like, so that no flood of it grows the audit trail: the
 * first of a kind and subject at once, and all that follow it in the hour as one more event, which says
 * in `details.count` how many they were. Each process counts by itself, and never makes a caller wait.
 */
@Injectable()
export class RepeatedEvents implements OnModuleInit, BeforeApplicationShutdown {
  private readonly logger = new Logger('Audit');
  private readonly repeated = new Map<string, Repeated>();
  private readonly sweeping = new PeriodicTask(() => this.sweep(), SWEEP_MILLISECONDS);
  private writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly dataSource: DataSource,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.sweeping.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.sweeping.stop();
    for (const key of [...this.repeated.keys()]) this.conclude(key);
    await this.writing;
  }

  /** @param subject who does it, or where from */
  record(subject: string, event: RecordedEvent): void {
    const key = this.keyOf(subject, event);
    const known = this.repeated.get(key);
    if (known !== undefined) {
      known.count += 1;
      known.last = event;
      return;
    }
    this.repeated.set(key, { sinceMilliseconds: this.clock.monotonic(), count: 0, last: event });
    this.write(event);
  }

  /**
   * Writes what has been counted for an hour. Resolves when all that was recorded before is written.
   *
   * @param nowMilliseconds by the monotonic clock
   */
  async sweep(nowMilliseconds = this.clock.monotonic()): Promise<void> {
    const oldest = nowMilliseconds - HOUR_MILLISECONDS;
    for (const [key, { sinceMilliseconds }] of this.repeated) {
      if (sinceMilliseconds > oldest) break;
      this.conclude(key);
    }
    await this.writing;
  }

  private keyOf(subject: string, { action }: RecordedEvent): string {
    const key = `${action} ${subject}`;
    if (this.repeated.has(key) || this.repeated.size < MAX_SUBJECTS) return key;
    return `${action} ${OTHERS}`;
  }

  private conclude(key: string): void {
    const known = this.repeated.get(key);
    this.repeated.delete(key);
    if (known === undefined || known.count === 0) return;
    const { last, count } = known;
    this.write({ ...last, details: { ...last.details, count } });
  }

  private write(event: RecordedEvent): void {
    this.writing = this.writing
      .then(() => this.audit.record(this.dataSource.manager, event))
      .catch((err) => this.logger.warn({ err, action: event.action }, 'An event was not recorded'));
  }
}
