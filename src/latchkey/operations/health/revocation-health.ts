import { Injectable } from '@nestjs/common';
import { HealthIndicatorService } from '@nestjs/terminus';
import { RevocationFeedState } from '../../tokens/revocation/revocation-feed-state.js';

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
