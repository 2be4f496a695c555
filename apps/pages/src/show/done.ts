import { words } from '../words/words.js';
import { element, paragraph } from './element.js';
import { showCard } from './view.js';

/** Says that it is done, and leads on: to sign in, unless told otherwise. */
export function showDone(
  title: string,
  text: string,
  next: { readonly text: string; readonly page: string } = {
    text: words.account.toSignIn,
    page: 'sign-in',
  },
): void {
  const on = element('a', { href: next.page, class: 'button' }, next.text);
  showCard(title, paragraph(text), element('p', {}, on));
}
