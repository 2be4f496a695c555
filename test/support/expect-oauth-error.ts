import { expect } from 'vitest';
import type { Answer } from './api-client.js';

/** NQSCHAR of RFC 6749, appendix A: printable ASCII without quotation mark and backslash. */
const DESCRIPTION = /^[\x20\x21\x23-\x5b\x5d-\x7e]+$/;

/** Every error of an OAuth route looks like this (RFC 6749 section 5.2). */
export function expectOAuthError(answer: Answer, status: number, error: string): void {
  const { body, headers } = answer;
  expect({ status: answer.status, error: body.error }).toEqual({ status, error });
  expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
  expect(headers.get('cache-control')).toBe('no-store');
  // Libraries take a challenge for the whole answer.
  expect(headers.has('www-authenticate')).toBe(status === 401);
  expect(Object.keys(body).sort()).toEqual(['code', 'error', 'error_description', 'requestId']);
  expect(body.error_description).toEqual(expect.stringMatching(DESCRIPTION));
}
