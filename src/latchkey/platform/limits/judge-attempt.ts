import type { FastifyReply } from 'fastify';
import type { AdmittedAttempt, JudgedLimit } from './judged-limit.js';
import {
  type QuotaPolicy,
  reportLimit,
  requireAdmitted,
  type ServiceLimit,
} from './service-limit.js';

export interface LimitedSubject {
  readonly limit: JudgedLimit;
  readonly subject: string;
}

/** All that an attempt is held to. Of the first one the client is told where it stands. */
export type LimitedSubjects = readonly [LimitedSubject, ...LimitedSubject[]];

/** An attempt to prove something. */
export interface LimitedAttempt {
  readonly reply: FastifyReply;
  readonly subjects: LimitedSubjects;
  /** Whether what the work throws says that the proof failed. */
  readonly isFailure: (error: unknown) => boolean;
  /** Called when the attempt has failed and others are refused for it from now on. */
  readonly onLimitReached?: (limit: ServiceLimit) => Promise<void>;
}

/**
 * Makes an attempt. One that is refused already is not made at all. Every other takes its places under
 * the limits when its turn has come, so that it is undecided for as long as it is judged and not for
 * as long as it has waited. It counts only if it fails with what `isFailure` knows; whatever else goes
 * wrong (`auth.busy`, no database, a body that is refused) is no failure.
 *
 * @param work judges the proof, once `mayBegin` has said true; false: others may use the limit up,
 *   ask again a moment later
 * @throws LatchkeyError `throttle.too_many_requests`, or what the work throws
 */
export async function judgeAttempt<T>(
  attempt: LimitedAttempt,
  work: (mayBegin: () => Promise<boolean>) => Promise<T>,
): Promise<T> {
  await requireNotRefused(attempt);
  const places: AdmittedAttempt[] = [];
  const mayBegin = async () => {
    places.push(...(await reserve(attempt)));
    return places.length > 0;
  };
  const result = await work(mayBegin).catch(async (error: unknown) => {
    if (attempt.isFailure(error)) await count(places, attempt);
    else await Promise.all(places.map((place) => place.withdraw()));
    throw error;
  });
  await Promise.all(places.map((place) => place.succeed()));
  return result;
}

async function requireNotRefused(attempt: LimitedAttempt): Promise<void> {
  const refusals = await Promise.all(
    attempt.subjects.map(({ limit, subject }) => limit.findRefusal(subject)),
  );
  for (const limit of refusals) if (limit !== null) refuse(attempt, limit);
}

/** A place under each limit; none at all while others hold the last of one. */
async function reserve(attempt: LimitedAttempt): Promise<AdmittedAttempt[]> {
  const attempts = await Promise.all(
    attempt.subjects.map(({ limit, subject }) => limit.reserve(subject)),
  );
  const admitted = attempts.filter((place) => place.outcome === 'admitted');
  const [first] = admitted;
  if (first !== undefined && admitted.length === attempts.length) {
    reportLimit(attempt.reply, first.limit, policiesOf(attempt));
    return admitted;
  }
  for (const place of admitted) void place.withdraw();
  const refused = attempts.find(({ outcome }) => outcome === 'refused');
  if (refused !== undefined) refuse(attempt, refused.limit);
  return [];
}

async function count(
  places: readonly AdmittedAttempt[],
  { onLimitReached }: LimitedAttempt,
): Promise<void> {
  const reached = await Promise.all(places.map((place) => place.count()));
  for (const limit of reached) if (limit !== null) await onLimitReached?.(limit);
}

function refuse(attempt: LimitedAttempt, limit: ServiceLimit): void {
  requireAdmitted(attempt.reply, { admitted: false, limit }, policiesOf(attempt));
}

function policiesOf({ subjects }: LimitedAttempt): QuotaPolicy[] {
  return subjects.map(({ limit }) => limit.policy);
}
