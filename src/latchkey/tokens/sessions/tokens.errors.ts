import { defineErrors } from '../../platform/errors/define-errors.js';

/** All but `refreshInvalid` are said only to someone who presented an authentic refresh token. */
export const tokensErrors = defineErrors({
  refreshInvalid: {
    code: 'auth.refresh_invalid',
    status: 401,
    title: 'The refresh token is not valid.',
    remedy: 'Sign in again.',
  },
  refreshReused: {
    code: 'auth.refresh_reused',
    status: 401,
    title:
      'The refresh token was used again after it had been replaced; its session has been ended.',
    remedy: 'Sign in again. Two parties held tokens of this session: look at its audit events.',
  },
  sessionExpired: {
    code: 'auth.session_expired',
    status: 401,
    title: 'The session has expired.',
    remedy: 'Sign in again.',
  },
  sessionRevoked: {
    code: 'auth.session_revoked',
    status: 401,
    title: 'The session has been ended.',
    remedy: 'Sign in again.',
  },
});

/** Those of sessions by their id. */
export const sessionsErrors = defineErrors({
  notFound: {
    code: 'sessions.not_found',
    status: 404,
    title: 'There is no such live session.',
    remedy: 'List the sessions again; this one may have ended meanwhile.',
  },
  dataUnfit: {
    code: 'sessions.data_unfit',
    status: 400,
    title: 'A session cannot carry this.',
    remedy: 'Choose shorter values, in whole numbers and text without control characters.',
  },
});
