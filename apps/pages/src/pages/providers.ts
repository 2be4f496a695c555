import { client } from '../client.js';
import { settings } from '../settings.js';
import { button, element } from '../show/element.js';
import { words } from '../words/words.js';

/** A button for each provider that people sign in through; null where there is none. */
export function providerButtons(): HTMLElement | null {
  const { providers } = settings;
  if (providers.length === 0) return null;
  // Back to this page: it knows where to go on, and says what went wrong.
  const here = `${location.pathname}${location.search}`;
  return element(
    'div',
    { class: 'chooser providers' },
    ...providers.map(({ id, name }) =>
      button(words.providers.signInWith(name), 'quiet', () => goTo(id, here)),
    ),
  );
}

/** Where a fresh sign-in is wanted, one that the provider has had for long will not do. */
function goTo(id: string, returnTo: string): void {
  if (new URLSearchParams(location.search).get('fresh') === null) client.signInWith(id, returnTo);
  else
    location.assign(
      `../auth/external/${id}/start?fresh=true&returnTo=${encodeURIComponent(returnTo)}`,
    );
}
