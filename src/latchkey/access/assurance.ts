/**
 * How sure it is who signed in, the least sure first (claim `acr`, OpenID Connect Core section 2):
 * `aal1` by one factor, `aal2` by two of them or by a passkey that verified its user (NIST SP 800-63B-4),
 * `phr` the same by what no other site can ask for (OpenID Connect EAP ACR Values 1.0).
 */
export const ASSURANCE_LEVELS = ['aal1', 'aal2', 'phr'] as const;
/** One of `ASSURANCE_LEVELS`. */
export type AssuranceLevel = (typeof ASSURANCE_LEVELS)[number];

/** What can be demanded: everybody who has signed in has `aal1`. */
export const DEMANDABLE_LEVELS = ['aal2', 'phr'] as const;
/** One of `DEMANDABLE_LEVELS`. */
export type DemandableLevel = (typeof DEMANDABLE_LEVELS)[number];

/** What is demanded of a sign-in, beyond that there was one. */
export interface AssuranceDemand {
  /** The least level. */
  readonly acr?: DemandableLevel;
  /** How long ago it may have been, in seconds: judged by the claim `auth_time`. */
  readonly maxAgeSeconds?: number;
}

/** What a verified access token says of the sign-in. */
export interface ShownAssurance {
  readonly acr: AssuranceLevel;
  /** Seconds since the epoch. */
  readonly authTime: number;
}

export function reaches(shown: AssuranceLevel, demanded: AssuranceLevel): boolean {
  return ASSURANCE_LEVELS.indexOf(shown) >= ASSURANCE_LEVELS.indexOf(demanded);
}

export function higherOf<Level extends AssuranceLevel>(one: Level, other: Level): Level {
  return reaches(one, other) ? one : other;
}

/** The strictest of several demands: what meets it meets each of them. */
export function strictest(demands: readonly AssuranceDemand[]): AssuranceDemand {
  return demands.reduce((strict, { acr, maxAgeSeconds }) => {
    const level = acr && strict.acr ? higherOf(acr, strict.acr) : (acr ?? strict.acr);
    const ages = [maxAgeSeconds, strict.maxAgeSeconds].filter((age) => age !== undefined);
    return {
      ...(level !== undefined && { acr: level }),
      ...(ages.length > 0 && { maxAgeSeconds: Math.min(...ages) }),
    };
  }, {});
}

/** @param now in milliseconds since the epoch */
export function meetsAssurance(
  shown: ShownAssurance,
  { acr, maxAgeSeconds }: AssuranceDemand,
  now: number,
): boolean {
  if (acr !== undefined && !reaches(shown.acr, acr)) return false;
  return maxAgeSeconds === undefined || now / 1000 - shown.authTime <= maxAgeSeconds;
}
