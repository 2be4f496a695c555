import { LatchkeyClientError } from '../../../../src/latchkey/published/client/index.js';
import { client } from '../client.js';
import { showDone } from '../show/done.js';
import { element, link, paragraph } from '../show/element.js';
import { form } from '../show/form.js';
import { showCard } from '../show/view.js';
import { takenToken } from '../taken-token.js';
import { problemOf } from '../words/problems.js';
import { words } from '../words/words.js';

/** Who would be signed out, and at whose word (`POST /auth/sign-out/question`). */
interface Question {
  readonly client?: { readonly name: string };
  /** Absent: nobody is signed in. */
  readonly email?: string;
  /** The app means somebody else. */
  readonly isAnother?: boolean;
  /** Where the browser goes afterwards. */
  readonly goOn?: string;
}

const SIGN_OUT = 'auth/sign-out';

/** Asks before anybody is signed out at the word of an app: no other site says yes to this. */
export async function showSignOut(): Promise<void> {
  const { signOut: say } = words;
  const request = takenToken ?? '';
  try {
    const asked = (await client.call('POST', `${SIGN_OUT}/question`, { request })) as Question;
    if (asked.email !== undefined) show(request, asked, asked.email);
    else if (asked.goOn !== undefined) location.replace(asked.goOn);
    else showDone(say.noneTitle, say.done);
  } catch (error) {
    const isWrong = error instanceof LatchkeyClientError && error.code === 'oauth.invalid_request';
    const text = isWrong ? say.wrong : problemOf(error);
    showCard(say.wrongTitle, element('p', { role: 'alert' }, text));
  }
}

function show(request: string, { client: app, isAnother }: Question, email: string): void {
  const { signOut: say } = words;
  showCard(
    app === undefined ? say.ask : say.askFor(app.name),
    paragraph(words.app.as(email), 'lead'),
    app !== undefined && isAnother ? paragraph(say.another(app.name)) : null,
    paragraph(say.everywhere),
    form({ fields: [], submit: say.title, onSubmit: () => signOut(request) }),
    element('p', { class: 'ways' }, link(say.stay, 'account')),
  );
}

async function signOut(request: string): Promise<void> {
  const { goOn } = (await client.call('POST', SIGN_OUT, { request })) as Question;
  // Other tabs of these pages hear of it.
  await client.logout().catch(() => undefined);
  if (goOn !== undefined) location.replace(goOn);
  else showDone(words.signOut.doneTitle, words.signOut.done);
}
