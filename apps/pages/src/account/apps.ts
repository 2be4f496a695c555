import type { LetInApp } from '../../../../src/latchkey/published/client/index.js';
import { client } from '../client.js';
import { settings } from '../settings.js';
import { button, element, paragraph } from '../show/element.js';
import { statusLine } from '../show/view.js';
import { problemOf } from '../words/problems.js';
import { words } from '../words/words.js';
import { section } from './section.js';

/** The apps that have access, each with a button that takes it away. */
export function appsSection(): HTMLElement | null {
  if (!settings.singleSignOn) return null;
  const { app: say } = words;
  const list = element('ul', { class: 'sessions' });
  const none = paragraph(say.none);
  const status = statusLine();
  const attempt = (work: () => Promise<string>) =>
    work()
      .then((text) => {
        status.textContent = text;
      })
      .catch((error) => {
        status.textContent = problemOf(error);
      });
  const show = async () => {
    const apps = await client.listApps();
    none.hidden = apps.length > 0;
    list.replaceChildren(...apps.map((app) => item(app, () => attempt(() => remove(app)))));
    return '';
  };
  const remove = async (app: LetInApp) => {
    await client.removeApp(app.client.id);
    await show();
    // The button is gone, and the keyboard's place with it.
    root.querySelector('h2')?.focus();
    return say.removed;
  };
  const root = section(say.section, none, list, status);
  void attempt(show);
  return root;
}

function item({ client: { name }, scopes }: LetInApp, onRemove: () => unknown): HTMLLIElement {
  const { app: say } = words;
  const remove = button(say.remove, 'quiet', onRemove);
  remove.setAttribute('aria-label', `${say.remove}: ${name}`);
  const may = scopes.map((scope) => say.scopes[scope] ?? scope).join(', ');
  return element(
    'li',
    {},
    element(
      'div',
      {},
      element('p', { class: 'device' }, name),
      element('p', { class: 'hint' }, may),
    ),
    remove,
  );
}
