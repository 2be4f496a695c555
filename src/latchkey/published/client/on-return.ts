interface Page {
  addEventListener?(type: 'pageshow', listener: (event: { persisted: boolean }) => void): void;
}

/** Does something whenever this page comes back from the browser's back/forward cache. */
export function onReturn(work: () => void): void {
  (globalThis as unknown as Page).addEventListener?.('pageshow', ({ persisted }) => {
    if (persisted) work();
  });
}
