const PERMISSION = /^(\*|[a-z][a-z0-9_-]{0,62}:(\*|[a-z][a-z0-9_-]{0,62}))$/;

/** Whether a text is `*`, `resource:*` or `resource:action`. */
export function isPermission(text: string): boolean {
  return PERMISSION.test(text);
}

/** Whether holding one permission grants another; `resource:*` and `*` cover what they look like. */
export function permissionCovers(held: string, wanted: string): boolean {
  if (held === '*' || held === wanted) return true;
  return held.endsWith(':*') && wanted.startsWith(held.slice(0, -1));
}

/** Whether a set of held permissions grants every one that is wanted. */
export function permissionsCover(held: readonly string[], wanted: readonly string[]): boolean {
  for (const want of wanted) {
    // Most are held by their own name, which is the quickest to find.
    if (held.includes(want)) continue;
    if (!held.some((have) => permissionCovers(have, want))) return false;
  }
  return true;
}
