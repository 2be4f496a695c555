import { words } from '../words/words.js';
import { button, type Child, element } from './element.js';

/** How what is in a dialog ends it. */
export interface Dialog {
  /** Closes it: what it asks for is done. */
  readonly done: () => void;
  /** Aborts when it is closed, whoever closes it. */
  readonly signal: AbortSignal;
}

let made = 0;

/**
 * Asks for something in front of the page.
 *
 * @returns whether it was done; false when its user cancels
 */
export function askInDialog(
  title: string,
  contentOf: (dialog: Dialog) => readonly Child[],
): Promise<boolean> {
  return new Promise((resolve) => {
    made += 1;
    const id = `dialog${made}`;
    const root = element('dialog', { class: 'card', 'aria-labelledby': id });
    const closing = new AbortController();
    let isDone = false;
    const done = () => {
      isDone = true;
      root.close();
    };
    root.append(
      element('h2', { id }, title),
      ...contentOf({ done, signal: closing.signal }).filter((child) => child !== null),
      element(
        'p',
        {},
        button(words.account.cancel, 'plain', () => root.close()),
      ),
    );
    root.addEventListener('close', () => {
      closing.abort();
      root.remove();
      resolve(isDone);
    });
    document.body.append(root);
    root.showModal();
  });
}
