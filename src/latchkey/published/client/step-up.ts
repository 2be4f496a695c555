/** What a refused request asks for (RFC 9470). */
export interface AssuranceDemand {
  readonly acr?: 'aal2' | 'phr';
  /** How old the sign-in may be. */
  readonly maxAgeSeconds?: number;
}

/** What is shown at `POST /auth/step-up`: `{ method: 'password', password }`. */
export interface ShownFactor {
  readonly method: string;
  readonly password?: string;
  readonly code?: string;
  readonly credential?: object;
}

/**
 * Has the user show a factor, by `client.stepUp`, when a request was refused for want of one.
 *
 * @returns whether to send the request again
 */
export type OnStepUp = (demand: AssuranceDemand) => boolean | Promise<boolean>;

/** Null when an answer asks for nothing that could be shown. */
export function demandOf(problem: Record<string, unknown> | null): AssuranceDemand | null {
  const { code, acr, maxAgeSeconds } = Object(problem);
  return /^(access.assurance_insufficient|auth.fresh_sign_in_required)$/.test(code)
    ? { acr, maxAgeSeconds }
    : null;
}
