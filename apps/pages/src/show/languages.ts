import { choose, LANGUAGES, type Language, language, words } from '../words/words.js';
import { button, element } from './element.js';
import { placeFor } from './view.js';

/**
 * Says in which language the pages are, and offers the others.
 *
 * @param showAgain shows the page in the language that has been chosen. It is not loaded again: what a
 *   link held is in memory alone
 */
export function showLanguages(showAgain: () => unknown): void {
  document.documentElement.lang = language;
  const offers = (Object.keys(LANGUAGES) as Language[]).map((offered) => {
    const made = button(LANGUAGES[offered], 'plain', () => {
      choose(offered);
      showLanguages(showAgain);
      showAgain();
    });
    made.lang = offered;
    if (offered === language) made.setAttribute('aria-current', 'true');
    return made;
  });
  placeFor('bottom').replaceChildren(
    element('nav', { class: 'languages', 'aria-label': words.language }, ...offers),
  );
}
