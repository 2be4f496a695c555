/** Work that everybody shares who asks for the same while it is under way. */
export function singleFlight<Key, Result>(
  work: (key: Key) => Promise<Result>,
): (key: Key) => Promise<Result> {
  const underWay = new Map<Key, Promise<Result>>();
  return (key) => {
    const shared = underWay.get(key) ?? work(key).finally(() => underWay.delete(key));
    underWay.set(key, shared);
    return shared;
  };
}

/**
 * What is waited for, or the signal's reason if that comes first. The work itself goes on: others
 * may be waiting for it as well.
 */
export function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject);
  });
}
