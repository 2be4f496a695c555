import { Injectable } from '@nestjs/common';
import { HealthIndicatorService } from '@nestjs/terminus';
import { SideConnection } from '../../platform/database/connection/side-connection.js';
import { RevocationFeedState } from '../../tokens/revocation/revocation-feed-state.js';

/** Read-only is also what a replica says of itself (`pg_is_in_recovery()`). */
const STATE = `SELECT current_setting('transaction_read_only') = 'on' AS "readOnly"`;

/**
 * Whether Postgres answers and takes what is written. Asked over a connection of its own: a pool that
 * is in use to the last is no reason to fail.
 */
@Injectable()
export class DatabaseHealth {
  private asking?: ReturnType<DatabaseHealth['ask']>;

  constructor(
    private readonly indicators: HealthIndicatorService,
    private readonly connection: SideConnection,
  ) {}

  /** However many ask at once, Postgres is asked by one at a time. */
  check() {
    this.asking ??= this.ask().finally(() => {
      this.asking = undefined;
    });
    return this.asking;
  }

  private async ask() {
    const indicator = this.indicators.check('database');
    try {
      const { rows } = await this.connection.use((client) =>
        client.query<{ readOnly: boolean }>(STATE),
      );
      return rows[0]?.readOnly ? indicator.down({ readOnly: true }) : indicator.up();
    } catch {
      return indicator.down();
    }
  }
}

/**
 * Whether this process knows what has been revoked. Redis alone being down is no reason to fail,
 * nor is a list that is out of date where the operator has chosen to serve by it.
 */
@Injectable()
export class RevocationHealth {
  constructor(
    private readonly indicators: HealthIndicatorService,
    private readonly state: RevocationFeedState,
  ) {}

  check() {
    const indicator = this.indicators.check('revocation');
    const { overdue, onOutage, lastHeardSeconds, redis, log, databaseClockBehindSeconds } =
      this.state;
    const data = { overdue, onOutage, lastHeardSeconds, redis, log, databaseClockBehindSeconds };
    return this.state.refusing ? indicator.down(data) : indicator.up(data);
  }
}
