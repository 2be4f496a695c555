import type { Browser } from 'playwright-core';

/** Stops every page of a browser as a lid that closes does: nothing runs, and time goes on. */
export async function suspendPages(browser: Browser): Promise<{ wake(): void }> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const renderers = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
  if (renderers.length === 0) throw new Error('No page has a process.');
  for (const id of renderers) process.kill(id, 'SIGSTOP');
  return {
    wake: () => {
      for (const id of renderers) process.kill(id, 'SIGCONT');
    },
  };
}
