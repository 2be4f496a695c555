import { type AccessDemands, meets } from './access-demands.js';
import { DEMANDABLE_LEVELS, type DemandableLevel } from './assurance.js';
import type { Principal } from './principal.js';

/**
 * The least level at which the caller would meet demands that they do not meet now; null when no level
 * would do. What is withheld up to a level is had together.
 */
export function levelThatOpens(
  principal: Principal,
  demands: AccessDemands,
): DemandableLevel | null {
  let { roles, permissions } = principal;
  for (const level of DEMANDABLE_LEVELS) {
    const more = principal.stepUp[level] ?? [];
    roles = [...roles, ...more];
    permissions = [...permissions, ...more];
    if (meets({ roles, permissions }, demands)) return level;
  }
  return null;
}
