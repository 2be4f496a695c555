import type { AssuranceLevel } from '../../access/assurance.js';
import { type Factor, findFactor, type ShownFactor } from './factor.js';

/** By the name of a factor: when it was shown in the session, in seconds since the epoch, and which. */
export type StoredFactors = Readonly<Record<string, { readonly at: number; readonly id?: string }>>;

/** What an access token says of how its session was signed in to. */
export interface SessionAssurance {
  readonly acr: AssuranceLevel;
  readonly amr: readonly string[];
  /** Seconds since the epoch. */
  readonly authTime: number;
}

interface Shown {
  readonly factor: Factor | undefined;
  readonly at: number;
}

/**
 * What follows from the factors that a session has been shown.
 *
 * `authTime` is when one was shown last that the level rests on. A password that is shown again at a
 * session of two factors makes it no fresher: whoever has stolen the password could do that.
 *
 * @param startedAt seconds since the epoch, for a session that has nothing left that was shown in it
 */
export function assuranceOf(stored: StoredFactors, startedAt: number): SessionAssurance {
  const shown: Shown[] = Object.entries(stored)
    .map(([name, { at }]) => ({ factor: findFactor(name), at }))
    .sort((one, other) => one.at - other.at);
  const acr = levelOf(shown);
  const times = shown.filter(({ factor }) => carries(acr, factor)).map(({ at }) => at);
  const amr = [...new Set(shown.flatMap(({ factor }) => factor?.amr ?? []))];
  return {
    acr,
    amr: acr === 'aal1' || amr.includes('mfa') ? amr : [...amr, 'mfa'],
    authTime: times.length === 0 ? startedAt : Math.max(...times),
  };
}

/**
 * The same of a session's row. One that began before factors were kept has none: what it was signed in by
 * was shown at its start.
 */
export function sessionAssurance(
  factors: StoredFactors | null,
  amr: readonly string[],
  startedAtMilliseconds: number,
): SessionAssurance {
  const startedAt = Math.floor(startedAtMilliseconds / 1000);
  if (factors === null) return { acr: 'aal1', amr, authTime: startedAt };
  return assuranceOf(factors, startedAt);
}

/** The level that a sign-in by these factors has. */
export function levelOfShown(factors: readonly ShownFactor[]): AssuranceLevel {
  return levelOf(factors.map(({ factor, at = 0 }) => ({ factor, at })));
}

function levelOf(shown: readonly Shown[]): AssuranceLevel {
  const has = (role: Factor['role']) => shown.some(({ factor }) => factor?.role === role);
  if (!has('both') && !(has('first') && has('second'))) return 'aal1';
  return shown.some(({ factor }) => factor?.phishingResistant) ? 'phr' : 'aal2';
}

/** Whether the level rests on this factor. */
function carries(level: AssuranceLevel, factor: Factor | undefined): boolean {
  if (level === 'aal1') return true;
  if (level === 'phr') return factor?.phishingResistant === true;
  return factor?.role === 'second' || factor?.role === 'both';
}

/** How factors are kept that have been shown; what has no time yet gets that of the statement. */
export function toStored(
  factors: readonly ShownFactor[],
): Record<string, { at?: number; id?: string }> {
  return Object.fromEntries(factors.map(({ factor, at, id }) => [factor.name, { at, id }]));
}

/** The reverse, of what this process knows. */
export function toShown(stored: StoredFactors): ShownFactor[] {
  return Object.entries(stored).flatMap(([name, { at, id }]) => {
    const factor = findFactor(name);
    return factor === undefined ? [] : [{ factor, at, ...(id !== undefined && { id }) }];
  });
}
