import type { ReceivedToken } from './held-token.js';

/** What one tab tells the others. A message without news only marks a moment. */
export interface News {
  readonly token?: ReceivedToken;
  /** The id of the session that is over. */
  readonly ended?: string;
}

/** One thing at a time: a refresh, a sign-in or a sign-out. */
export interface Turns {
  take<T>(work: () => Promise<T>): Promise<T>;
  /** Resolves when every other tab has been sent the news. */
  tell(news: News): Promise<void>;
}

interface Locks {
  request<T>(
    name: string,
    options: { readonly signal: AbortSignal },
    work: () => Promise<T>,
  ): Promise<T>;
}

interface Message {
  readonly from: string;
  readonly news: News;
}

/** Longer than a request may take that a tab makes in its turn. */
const WAIT_MILLISECONDS = 15_000;

/** The turns of one client that shares its session with no other. */
export function ownTurns(): Turns {
  let last: Promise<unknown> = Promise.resolve();
  return {
    take: (work) => {
      const turn = last.then(work);
      last = turn.catch(() => undefined);
      return turn;
    },
    tell: async () => undefined,
  };
}

/**
 * The turns of all tabs of one origin, which share the session's cookie, and so the session.
 *
 * Without Web Locks, which only secure contexts have, each tab takes its own turns: parallel
 * refreshes do no harm, since the server answers them with one and the same refresh token.
 * Without BroadcastChannel each tab refreshes for itself.
 */
export function tabTurns(name: string, hear: (news: News) => void): Turns {
  const tell = channel(name, hear);
  const own = ownTurns();
  const { locks } = (globalThis as { navigator?: { locks?: Locks } }).navigator ?? {};
  if (!locks) return { take: own.take, tell };
  return {
    tell,
    take: async (work) => {
      let taken = false;
      const turn = async () => {
        taken = true;
        // What the tab before told is heard before this one acts.
        await tell({});
        return work();
      };
      try {
        const signal = AbortSignal.timeout(WAIT_MILLISECONDS);
        return await locks.request(name, { signal }, turn);
      } catch (error) {
        if (taken) throw error;
        // A tab that hangs must not hold up the others.
        return own.take(work);
      }
    },
  };
}

/**
 * A channel does not hear itself, so one speaks and another one listens. All listeners hear
 * messages in the same order: once a tab hears its own, the others have been sent it.
 */
function channel(name: string, hear: (news: News) => void): Turns['tell'] {
  if (typeof BroadcastChannel === 'undefined') return async () => undefined;
  const self = `${Math.random()}`;
  const speaker = new BroadcastChannel(name);
  const listener = new BroadcastChannel(name);
  const unheard: (() => void)[] = [];
  listener.onmessage = (event) => {
    const { from, news } = (event as { data: Message }).data;
    if (from === self) unheard.shift()?.();
    else hear(news);
  };
  return (news) =>
    new Promise((resolve) => {
      unheard.push(resolve);
      speaker.postMessage({ from: self, news } satisfies Message);
    });
}

type Listen<E> = (type: string, listener: (event: E) => void) => void;

interface Page {
  readonly addEventListener?: Listen<{ readonly persisted: boolean }>;
  readonly document?: { readonly addEventListener: Listen<unknown>; readonly hidden: boolean };
}

/** Does something whenever this page comes back from the browser's back/forward cache. */
export function onReturn(work: () => void): void {
  (globalThis as unknown as Page).addEventListener?.('pageshow', ({ persisted }) => {
    if (persisted) work();
  });
}

/** Does something whenever somebody looks at this page again. */
export function onLookedAt(work: () => void): void {
  const { document } = globalThis as unknown as Page;
  document?.addEventListener('visibilitychange', () => {
    if (!document.hidden) work();
  });
}
