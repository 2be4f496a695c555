import type { ListedSession } from '../../../../src/latchkey/published/client/index.js';
import { client } from '../client.js';
import { button, element } from '../show/element.js';
import { statusLine } from '../show/view.js';
import { problemOf } from '../words/problems.js';
import { language, words } from '../words/words.js';
import { deviceOf } from './device.js';
import { section } from './section.js';

/** Where the account is signed in, each with a button that ends it. */
export function sessionsSection(): HTMLElement {
  const { account: say } = words;
  const list = element('ul', { class: 'sessions' });
  const status = statusLine();
  const attempt = async (work: () => Promise<string | undefined>) => {
    try {
      status.textContent = (await work()) ?? '';
    } catch (error) {
      status.textContent = problemOf(error);
    }
  };
  const show = async () => {
    const sessions = await client.listSessions();
    list.replaceChildren(...sessions.map((session) => item(session, () => attempt(end(session)))));
    return undefined;
  };
  const end = (session: ListedSession) => async () => {
    if (session.current) {
      await client.logout();
      return undefined;
    }
    await client.endSession(session.id);
    await show();
    // The button is gone, and the keyboard's place with it.
    root.querySelector('h2')?.focus();
    return say.ended;
  };
  const everywhere = button(say.endOthers, 'danger', () =>
    attempt(async () => {
      await client.logoutAll();
      return undefined;
    }),
  );
  const root = section(
    say.sessions,
    list,
    status,
    element('div', { class: 'actions' }, everywhere),
  );
  void attempt(show);
  return root;
}

function item(session: ListedSession, onEnd: () => unknown): HTMLLIElement {
  const { account: say } = words;
  const device = deviceOf(session.userAgent);
  const used = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' });
  const end = button(say.end, 'quiet', onEnd);
  end.setAttribute('aria-label', `${say.end}: ${device}, ${session.ip}`);
  return element(
    'li',
    {},
    element(
      'div',
      {},
      element(
        'p',
        { class: 'device' },
        device,
        session.current ? element('span', { class: 'mark good' }, say.thisDevice) : null,
      ),
      element(
        'p',
        { class: 'hint' },
        `${session.ip}, ${say.lastUsed(used.format(new Date(session.lastUsedAt)))}`,
      ),
    ),
    end,
  );
}
