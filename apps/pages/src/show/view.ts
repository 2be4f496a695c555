import { settings } from '../settings.js';
import { type Child, element } from './element.js';

/** Where the page is: found once. */
export function placeFor(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`The page has no #${id}.`);
  return found;
}

let shown = false;
let leaving = new AbortController();

/** Aborts once something else is shown in place of what is there now. */
export function whileShown(): AbortSignal {
  return leaving.signal;
}

/**
 * Shows a card in place of what was there. A reader that is told by voice is led to its heading, once
 * there was something before it.
 */
export function showCard(title: string, ...children: Child[]): HTMLElement {
  const card = element('div', { class: 'card' }, heading(title), ...children);
  showParts(title, card);
  return card;
}

/** Shows several parts below a heading of their own. */
export function showParts(title: string, ...parts: Child[]): void {
  leaving.abort();
  leaving = new AbortController();
  document.title = `${title} · ${settings.brand}`;
  placeFor('main').replaceChildren(...parts.filter((part) => part !== null));
  if (shown) placeFor('title').focus();
  shown = true;
}

export function heading(title: string): HTMLHeadingElement {
  return element('h1', { id: 'title', tabindex: '-1' }, title);
}

/** A line that is read out when it changes. */
export function statusLine(): HTMLParagraphElement {
  return element('p', { role: 'status', class: 'status' });
}
