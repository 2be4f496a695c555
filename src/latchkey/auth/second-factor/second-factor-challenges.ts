import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../audit/actor.js';
import { AuditTrail } from '../../audit/audit-trail.js';
import { Clock } from '../../platform/clock/clock.js';
import type { ShownFactor } from '../../tokens/assurance/factor.js';
import { type StoredFactors, toShown, toStored } from '../../tokens/assurance/session-assurance.js';
import { defineOneTimePurpose } from '../../tokens/one-time/one-time-purpose.js';
import { OneTimeSecrets } from '../../tokens/one-time/one-time-secrets.js';
import type { ShownSecret } from '../../tokens/one-time/shown-secret.js';
import type { NamedSessionData } from '../../tokens/sessions/session-data.js';

/**
 * Several at once: tabs, and devices, sign in each for itself. Whoever knows the password asks for as many as
 * they like, and gets one that is there already once there are twenty.
 */
export const SECOND_FACTOR = defineOneTimePurpose({
  name: 'second-factor',
  lifetimeSeconds: 300,
  diesWith: ['address', 'password'],
  severalAtOnce: true,
  sharedBeyond: 20,
});

/** A sign-in that waits for a second factor. It is no session. */
export interface SecondFactorChallenge {
  readonly challenge: string;
  /** By which the second factor can be shown. */
  readonly methods: readonly string[];
  /** Seconds. */
  readonly expiresIn: number;
}

/** As it is kept: of each factor that has no time of its own it is `at`, in seconds since the epoch. */
interface PendingDetails {
  readonly at: number;
  readonly factors: StoredFactors;
  readonly data: readonly NamedSessionData[];
}

interface Pending {
  readonly factors: readonly ShownFactor[];
  readonly data: readonly NamedSessionData[];
}

/** Remembers, for five minutes and one use, what somebody has shown who has to show more. */
@Injectable()
export class SecondFactorChallenges {
  constructor(
    private readonly secrets: OneTimeSecrets,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  async issue(
    manager: EntityManager,
    userId: string,
    methods: readonly string[],
    { factors, data }: Pending,
    actor: Actor,
  ): Promise<SecondFactorChallenge> {
    const at = Math.floor(this.clock.now() / 1000);
    const issued = await this.secrets.issueToken(manager, SECOND_FACTOR, {
      subject: { userId },
      details: { at, factors: toStored(factors), data },
    });
    await this.audit.record(manager, {
      action: 'sign_in.challenged',
      actor,
      target: { type: 'user', id: userId },
      details: { methods, shown: factors.flatMap(({ factor }) => factor.amr) },
    });
    return { challenge: issued.token, methods, expiresIn: issued.expiresInSeconds };
  }

  /** What it was issued for. */
  pendingOf({ details }: ShownSecret): Pending {
    const { at, factors, data } = details as unknown as PendingDetails;
    return { factors: toShown(factors).map((shown) => ({ ...shown, at: shown.at ?? at })), data };
  }
}
