import { QueryFailedError } from 'typeorm';
import type { LatchkeyError } from '../errors/latchkey-error.js';
import { requestErrors } from '../errors/request.errors.js';
import { databaseErrors } from './database.errors.js';

const RETRY_AFTER_SECONDS = 2;

/** SQLSTATE classes and codes that mean "not now": connection, resources, operator, timeout. */
const UNAVAILABLE_STATES = /^(08|53|57P|57014|55P03|40001|40P01|25006)/;
/** Text that Postgres cannot store: a request that slipped past validation, not a fault. */
const UNSTORABLE_STATES = /^(22021|22P05)$/;
const SYSTEM_ERRORS = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOTFOUND',
  'ETIMEDOUT',
  'ENOENT',
  'EAI_AGAIN',
  'EHOSTUNREACH',
]);
/** What `pg` says in plain words when a connection is gone or none becomes free in time. */
const CONNECTION_MESSAGES =
  /timeout exceeded when trying to connect|Connection terminated|Client has encountered a connection error|Query read timeout|not queryable|Driver not Connected|Cannot use a pool/i;

/** Tells a database that cannot be reached from a fault of ours. */
export function translateDatabaseError(error: unknown): LatchkeyError | undefined {
  const { code, message } = driverErrorOf(error);
  if (UNSTORABLE_STATES.test(code)) return requestErrors.malformed({ cause: error });
  const unavailable =
    UNAVAILABLE_STATES.test(code) || SYSTEM_ERRORS.has(code) || CONNECTION_MESSAGES.test(message);
  if (!unavailable) return undefined;
  return databaseErrors.unavailable({ cause: error, retryAfterSeconds: RETRY_AFTER_SECONDS });
}

function driverErrorOf(error: unknown): { code: string; message: string } {
  const driverError = error instanceof QueryFailedError ? error.driverError : error;
  if (!(driverError instanceof Error)) return { code: '', message: '' };
  const nested = driverError instanceof AggregateError ? driverError.errors[0] : driverError;
  return { code: String(nested?.code ?? ''), message: String(nested?.message ?? '') };
}
