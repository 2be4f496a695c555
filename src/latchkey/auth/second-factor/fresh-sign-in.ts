import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { DataSource, type EntityManager } from 'typeorm';
import { AccessConfig } from '../../access/access.config.js';
import { accessErrors } from '../../access/access.errors.js';
import { type AssuranceDemand, meetsAssurance } from '../../access/assurance.js';
import { demandsOf } from '../../access/declared-demands.js';
import { insufficientAssurance } from '../../access/insufficient-assurance.js';
import { isService, type Principal } from '../../access/principal.js';
import type {} from '../../access/request-principal.js';
import { Clock } from '../../platform/clock/clock.js';
import { ProvidedSecondFactors } from '../../tokens/assurance/provided-second-factors.js';

/** What a sign-in has to be where the account has a second factor. */
const WITH_SECOND_FACTOR = 'aal2';

/**
 * That a fresh sign-in is one by two factors where the account has a second one (OWASP ASVS 7.5.1): also
 * of a session that is older than the factor.
 */
@Injectable()
export class FreshSignIn {
  constructor(
    private readonly dataSource: DataSource,
    private readonly secondFactors: ProvidedSecondFactors,
    private readonly config: AccessConfig,
    private readonly clock: Clock,
  ) {}

  /**
   * Of an account without a second factor it demands nothing: for a route that asks for the password by
   * itself, or that has judged the age of the sign-in already.
   *
   * @param manager of a transaction that has locked the account, where what was judged before may have changed
   * @throws LatchkeyError `auth.fresh_sign_in_required`
   */
  async requireSecondFactor(
    principal: Principal,
    manager: EntityManager = this.dataSource.manager,
  ): Promise<void> {
    const { userId } = principal;
    if (isService(principal)) return;
    const usable = await this.secondFactors.usableBy(manager, userId);
    if (usable.length === 0) return;
    const maxAgeSeconds = this.config.freshSignInSeconds;
    const demand: AssuranceDemand = { acr: WITH_SECOND_FACTOR, maxAgeSeconds };
    if (meetsAssurance(principal, demand, this.clock.now())) return;
    throw insufficientAssurance(accessErrors.freshSignInRequired, demand);
  }
}

/** Asks it of every route with `@RequireFreshSignIn()`, once the access guard has judged the claims. */
@Injectable()
export class FreshSignInGuard implements CanActivate {
  constructor(private readonly freshSignIn: FreshSignIn) {}

  /** @throws LatchkeyError `auth.fresh_sign_in_required` */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (!demandsOf(context).freshSignIn) return true;
    const { principal } = context.getArgByIndex<FastifyRequest>(0);
    if (principal === undefined) throw accessErrors.unauthenticated();
    await this.freshSignIn.requireSecondFactor(principal);
    return true;
  }
}
