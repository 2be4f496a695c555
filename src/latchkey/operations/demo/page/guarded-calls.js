import { element } from './element.js';

const BETWEEN_CALLS_MILLISECONDS = 2_000;

/**
 * Shows what guarded routes answer, when a button is pressed or again and again.
 *
 * @param {import('../../../published/client/index.js').Client} client
 * @param {(work: () => Promise<void>) => Promise<void>} attempt
 */
export function showCallsOf(client, attempt) {
  let calls = 0;

  /** @param {string} path */
  const call = (path) =>
    attempt(async () => {
      // Below whatever path the page is served.
      const response = await client.fetch(`.${path}`);
      const answer = await response.json();
      calls += 1;
      const result = element('call-result');
      result.textContent = `Call ${calls}: ${path} answered ${response.status}.`;
      result.classList.toggle('problem', !response.ok);
      const body = element('call-body');
      body.hidden = false;
      body.textContent = JSON.stringify(answer, null, 2);
    });

  for (const button of document.querySelectorAll('[data-call]')) {
    button.addEventListener('click', () => call(button.getAttribute('data-call') ?? ''));
  }

  const keepCalling = element('keep-calling', HTMLInputElement);
  setInterval(() => {
    if (keepCalling.checked && client.principal !== null) void call('/auth/me');
  }, BETWEEN_CALLS_MILLISECONDS);
}
