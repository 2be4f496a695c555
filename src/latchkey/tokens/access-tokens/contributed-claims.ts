import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { EntityManager } from 'typeorm';
import { StartupError } from '../../platform/errors/startup-error.js';
import { findProvided } from '../../platform/ports/find-provided.js';
import type { AccessTokenClaims, AuthorizationFacts } from './access-token-claims.js';
import { ClaimsContributor, type SessionFacts } from './claims-contributor.js';

const OWN: Readonly<Record<keyof Required<AccessTokenClaims>, true>> = {
  iss: true,
  sub: true,
  aud: true,
  client_id: true,
  scope: true,
  exp: true,
  iat: true,
  jti: true,
  sid: true,
  roles: true,
  permissions: true,
  withheld: true,
  step_up: true,
  auth_time: true,
  amr: true,
  acr: true,
  uv: true,
  sv: true,
  rv: true,
};
/** What Latchkey sets, and what verifiers would take for its word although it sets them not. */
const RESERVED = new Set([...Object.keys(OWN), 'nbf', 'cnf', 'act']);

/** What the extending team's contributors add to access tokens. */
@Injectable()
export class ContributedClaims implements OnModuleInit {
  private readonly logger = new Logger('Tokens');
  private contributors: readonly ClaimsContributor[] = [];

  constructor(private readonly discovery: DiscoveryService) {}

  /** @throws StartupError naming the claim that two contributors, or one and Latchkey, would set */
  onModuleInit(): void {
    this.contributors = findProvided(this.discovery, ClaimsContributor);
    const owners = new Map<string, string>();
    for (const contributor of this.contributors) {
      const { name } = contributor.constructor;
      for (const claim of contributor.claims) {
        if (RESERVED.has(claim)) {
          throw new StartupError(
            `${name} contributes the claim ${claim}, which is Latchkey's own. Give it another name.`,
          );
        }
        const owner = owners.get(claim);
        if (owner !== undefined) {
          throw new StartupError(
            `${owner} and ${name} both contribute the claim ${claim}. Leave it to one of them.`,
          );
        }
        owners.set(claim, name);
      }
    }
  }

  /** @throws whatever a contributor throws */
  async contributedTo(
    facts: AuthorizationFacts,
    session: SessionFacts,
    manager: EntityManager,
  ): Promise<Record<string, unknown>> {
    const claims: Record<string, unknown> = {};
    // One after the other: in a transaction they share its connection.
    for (const contributor of this.contributors) {
      const contributed = await contributor.contribute(facts, session, manager);
      Object.assign(claims, this.named(contributor, contributed));
    }
    return claims;
  }

  private named(
    contributor: ClaimsContributor,
    contributed: Record<string, unknown>,
  ): Record<string, unknown> {
    const { claims } = contributor;
    const entries = Object.entries(contributed);
    const unnamed = entries.map(([name]) => name).filter((name) => !claims.includes(name));
    if (unnamed.length === 0) return contributed;
    this.logger.error(
      `${contributor.constructor.name} contributes claims that it does not name, which are left out: ${unnamed.join(', ')}. Enter them in its list of claims.`,
    );
    return Object.fromEntries(entries.filter(([name]) => claims.includes(name)));
  }
}
