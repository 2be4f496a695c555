import { Injectable } from '@nestjs/common';
import { HealthIndicatorService } from '@nestjs/terminus';
import { RevocationFeedState } from '../revocation/revocation-feed-state.js';

/** Whether this process knows what has been revoked. Redis alone being down is no reason to fail. */
@Injectable()
export class RevocationHealth {
  constructor(
    private readonly indicators: HealthIndicatorService,
    private readonly state: RevocationFeedState,
  ) {}

  check() {
    const indicator = this.indicators.check('revocation');
    const { overdue, lastHeardSeconds, redis } = this.state;
    const data = { lastHeardSeconds, redis };
    return overdue ? indicator.down(data) : indicator.up(data);
  }
}
