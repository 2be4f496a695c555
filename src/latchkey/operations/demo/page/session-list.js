import { element } from './element.js';

/**
 * @typedef {{ id: string, current: boolean, lastUsedAt: string, ip: string, userAgent: string }} ListedSession
 */

/**
 * Lists the user's sessions, each with a button that ends it.
 *
 * @param {import('../../../published/client/index.js').Client} client
 * @param {(work: () => Promise<void>) => Promise<void>} attempt
 * @param {(text: string, problem?: boolean) => void} say
 * @returns {() => Promise<void>} which lists them again
 */
export function listSessionsOf(client, attempt, say) {
  const list = () =>
    attempt(async () => {
      const response = await client.fetch('auth/sessions');
      if (!response.ok) return say(`The sessions cannot be listed (${response.status}).`, true);
      const { items } = await response.json();
      element('sessions').replaceChildren(...items.map(itemOf));
    });

  /** @param {ListedSession} session */
  const end = ({ id }) =>
    attempt(async () => {
      const { ok, status } = await client.fetch(`auth/sessions/${id}`, { method: 'DELETE' });
      say(ok ? 'The session has ended.' : `It could not be ended (${status}).`, !ok);
      await list();
      // The button is gone, and the focus of the keyboard with it.
      element('sessions-title').focus();
    });

  /** @param {ListedSession} session */
  const itemOf = (session) => {
    const item = document.createElement('li');
    const text = document.createElement('span');
    const used = new Date(session.lastUsedAt).toLocaleTimeString();
    text.textContent = `${browserOf(session.userAgent)} at ${session.ip}, last used ${used}`;
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'quiet';
    button.textContent = session.current ? 'End this one' : 'End';
    button.setAttribute('aria-label', `${button.textContent}: ${text.textContent}`);
    button.addEventListener('click', () => end(session));
    item.append(text, button);
    return item;
  };

  element('list-sessions').addEventListener('click', list);
  return list;
}

/** @param {string | null} userAgent */
function browserOf(userAgent) {
  const [name] = /Firefox|Edg|OPR|Chrom(e|ium)|Safari|curl/.exec(userAgent ?? '') ?? [];
  return name ?? 'Something';
}
