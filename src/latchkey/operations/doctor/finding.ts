/**
 * - `ok`: as it should be.
 * - `notice`: worth knowing; nothing has to be done.
 * - `wrong`: something fails, or will, until what `remedy` says is done.
 * - `skipped`: could not be examined, for a reason that another finding names.
 */
export type FindingStatus = 'ok' | 'notice' | 'wrong' | 'skipped';

/** What an examination has found. It names settings and never a secret. */
export interface Finding {
  readonly status: FindingStatus;
  readonly what: string;
  /** What to do. */
  readonly remedy?: string;
}

export const ok = (what: string): Finding => ({ status: 'ok', what });
export const skipped = (what: string): Finding => ({ status: 'skipped', what });
export const notice = (what: string, remedy?: string): Finding => ({
  status: 'notice',
  what,
  ...(remedy !== undefined && { remedy }),
});
export const wrong = (what: string, remedy: string): Finding => ({ status: 'wrong', what, remedy });
