/**
 * The token of the link that led here. It is in the fragment, which no server has seen, and it leaves the
 * address bar, and so the history, before anything else is done. It is posted when its owner says so.
 */
export const takenToken: string | null = take();

function take(): string | null {
  const fragment = location.hash.slice(1);
  if (fragment === '') return null;
  history.replaceState(history.state, '', location.pathname + location.search);
  return new URLSearchParams(fragment).get('token') ?? fragment;
}
