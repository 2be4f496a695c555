import type { Profile } from '../../../../src/latchkey/published/client/index.js';
import { client } from '../client.js';
import { showDone } from '../show/done.js';
import { button, element, link, paragraph } from '../show/element.js';
import { heading, placeFor, showCard, showParts } from '../show/view.js';
import { problemOf } from '../words/problems.js';
import { words } from '../words/words.js';
import { appsSection } from './apps.js';
import { emailSection } from './email.js';
import { factorSections } from './factors/factors.js';
import { identitySection } from './identities.js';
import { dataSection, hasLeft, leavingSection } from './leaving.js';
import { passwordSection } from './password.js';
import { profileSection } from './profile.js';
import { sessionsSection } from './sessions.js';

/** What an owner sees and does of the account. */
export async function showAccount(): Promise<void> {
  const { account: say } = words;
  try {
    if ((await client.restore()) === null) return location.replace('sign-in');
    show(await client.getProfile());
  } catch (error) {
    showCard(
      say.title,
      element('p', { role: 'alert', class: 'form-problem' }, problemOf(error)),
      element('p', { class: 'ways' }, link(say.toSignIn, 'sign-in')),
    );
    return;
  }
  client.onChange((principal) => {
    if (principal === null && !hasLeft()) showSignedOut();
  });
}

function show(profile: Profile): void {
  const { account: say } = words;
  placeFor('top-actions').replaceChildren(
    button(say.signOut, 'quiet', () => client.logout().catch(showProblem)),
  );
  showParts(
    say.title,
    heading(say.title),
    paragraph(profile.email, 'lead'),
    profileSection(profile),
    emailSection(profile),
    passwordSection(profile),
    ...factorSections(profile),
    identitySection(profile),
    sessionsSection(),
    appsSection(),
    dataSection(profile),
    leavingSection(profile),
  );
}

function showProblem(error: unknown): void {
  placeFor('title').after(element('p', { role: 'alert', class: 'form-problem' }, problemOf(error)));
}

/** Also when it was in another tab, or on another device. */
function showSignedOut(): void {
  const { account: say } = words;
  placeFor('top-actions').replaceChildren();
  showDone(say.signedOut, say.signedOutText);
}
