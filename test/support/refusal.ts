import type { Answer } from './api-client.js';

export interface Refusal {
  readonly status: number;
  readonly code: string | undefined;
  /** The fields that were bad, each once, in alphabetical order. */
  readonly fields: string[];
}

/** What a client goes by when its request is refused. */
export function refusalOf({ status, body }: Pick<Answer, 'status' | 'body'>): Refusal {
  const { code, errors = [] } = (body ?? {}) as { code?: string; errors?: { field: string }[] };
  return { status, code, fields: [...new Set(errors.map(({ field }) => field))].sort() };
}

/** The refusal of a request with these bad fields and no others. */
export function invalid(...fields: string[]): Refusal {
  return { status: 400, code: 'request.invalid', fields: fields.sort() };
}

export function refused(status: number, code: string): Refusal {
  return { status, code, fields: [] };
}
