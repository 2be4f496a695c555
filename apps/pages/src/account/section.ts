import { type Child, element } from '../show/element.js';

let made = 0;

/** A part of the account's page, under a heading by which it can be found. */
export function section(title: string, ...children: Child[]): HTMLElement {
  made += 1;
  const id = `section${made}`;
  return element(
    'section',
    { class: 'card', 'aria-labelledby': id },
    element('h2', { id, tabindex: '-1' }, title),
    ...children,
  );
}
