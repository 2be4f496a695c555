/** Pages of requests that are their user's own: reloaded, they go on with what they were opened with. */
const KEEPS = /\/(authorize|device)$/;
/** By which names a fragment says something about what is to be shown, beside a token or without one. */
const HINTS = ['login_hint', 'ui_locales'];

const fragment = take();

/** What a provider's callback says went wrong: `error` is a code, and the rest what it takes to go on. */
export const takenError: URLSearchParams | null = partsIf(['error']);

/** What an app has said about whom it expects, and how to speak to them (OpenID Connect Core section 3.1.2.1). */
export const takenHints: URLSearchParams = partsIf(HINTS) ?? new URLSearchParams();

/**
 * The token of the link that led here. It is in the fragment, which no server has seen, and it leaves the
 * address bar, and so the history, before anything else is done. It is posted when its owner says so.
 */
export const takenToken: string | null = token();

function token(): string | null {
  if (fragment === '' || takenError !== null) return null;
  const said = new URLSearchParams(fragment).get('token');
  return said ?? (takenHints.size > 0 ? null : fragment);
}

function take(): string {
  const { hash, pathname, search } = location;
  const { state } = history;
  const keeps = KEEPS.test(pathname);
  const taken = hash === '' && keeps ? String(Object(state).taken ?? '') : hash.slice(1);
  if (hash !== '') {
    const kept = keeps ? { ...Object(state), taken } : state;
    history.replaceState(kept, '', pathname + search);
  }
  return taken;
}

function partsIf(names: readonly string[]): URLSearchParams | null {
  const said = new URLSearchParams(fragment);
  return names.some((name) => said.has(name)) ? said : null;
}
