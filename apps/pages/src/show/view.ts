import { settings } from '../settings.js';
import { type Child, element } from './element.js';

/** Where the page is: found once. */
export function placeFor(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`The page has no #${id}.`);
  return found;
}

let shown = false;

/**
 * Shows a card in place of what was there. A reader that is told by voice is led to its heading, once
 * there was something before it.
 */
export function showCard(title: string, ...children: Child[]): void {
  showParts(title, element('div', { class: 'card' }, heading(title), ...children));
}

/** Shows several parts below a heading of their own. */
export function showParts(title: string, ...parts: Child[]): void {
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
