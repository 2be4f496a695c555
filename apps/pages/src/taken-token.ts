const fragment = take();

/** What a provider's callback says went wrong: `error` is a code, and the rest what it takes to go on. */
export const takenError: URLSearchParams | null = errorIn(fragment);

/**
 * The token of the link that led here. It is in the fragment, which no server has seen, and it leaves the
 * address bar, and so the history, before anything else is done. It is posted when its owner says so.
 */
export const takenToken: string | null =
  fragment === '' || takenError !== null
    ? null
    : (new URLSearchParams(fragment).get('token') ?? fragment);

function take(): string {
  const { hash, pathname, search } = location;
  if (hash !== '') history.replaceState(history.state, '', pathname + search);
  return hash.slice(1);
}

function errorIn(text: string): URLSearchParams | null {
  const said = new URLSearchParams(text);
  return said.has('error') ? said : null;
}
