import { Injectable } from '@nestjs/common';
import { LatchkeyError } from '../../platform/errors/latchkey-error.js';
import type { GoodJudgement } from '../../tokens/sessions/refresh/presented-session.js';
import { tokensErrors } from '../../tokens/sessions/tokens.errors.js';

/**
 * How refreshes end: `rotated` with the next token; `repeated` with the current one, within the grace;
 * `recovered` after a lost answer; refused as `invalid`, `reused`, `expired` or `revoked`; `failed` for a
 * reason that is not the token's.
 */
export const REFRESH_OUTCOMES = [
  'rotated',
  'repeated',
  'recovered',
  'invalid',
  'reused',
  'expired',
  'revoked',
  'failed',
] as const;
export type RefreshOutcome = (typeof REFRESH_OUTCOMES)[number];

const GRANTED: Readonly<Record<GoodJudgement, RefreshOutcome>> = {
  current: 'rotated',
  superseded: 'repeated',
  unanswered: 'recovered',
};

const REFUSED: ReadonlyMap<string, RefreshOutcome> = new Map([
  [tokensErrors.refreshInvalid.definition.code, 'invalid'],
  [tokensErrors.refreshReused.definition.code, 'reused'],
  [tokensErrors.sessionExpired.definition.code, 'expired'],
  [tokensErrors.sessionRevoked.definition.code, 'revoked'],
]);

/** Counts the refreshes of this process by how they ended. */
@Injectable()
export class RefreshOutcomes {
  private readonly counts = new Map<RefreshOutcome, number>(
    REFRESH_OUTCOMES.map((outcome) => [outcome, 0]),
  );

  /** How many of each there have been since the process started. */
  get all(): ReadonlyMap<RefreshOutcome, number> {
    return this.counts;
  }

  granted(judgement: GoodJudgement): void {
    this.count(GRANTED[judgement]);
  }

  failed(error: unknown): void {
    const code = error instanceof LatchkeyError ? error.code : '';
    this.count(REFUSED.get(code) ?? 'failed');
  }

  private count(outcome: RefreshOutcome): void {
    this.counts.set(outcome, (this.counts.get(outcome) ?? 0) + 1);
  }
}
