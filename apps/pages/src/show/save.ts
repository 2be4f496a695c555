import { element } from './element.js';

/** Saves a text as a file of the browser's downloads. */
export function save(text: string, name: string, type: string): void {
  const href = URL.createObjectURL(new Blob([text], { type }));
  element('a', { href, download: name }).click();
  URL.revokeObjectURL(href);
}
