import { withFreshSignIn } from '../account/fresh-sign-in.js';
import { client } from '../client.js';
import { button, element, paragraph } from '../show/element.js';
import { form } from '../show/form.js';
import { showCard } from '../show/view.js';
import { type AskedAccess, whatItMay } from '../show/what-it-may.js';
import { takenToken } from '../taken-token.js';
import { problemOf } from '../words/problems.js';
import { words } from '../words/words.js';

/** What an app asks of the user, or where the browser is to go (`POST /auth/consents/question`). */
type AppQuestion =
  | { readonly goOn: string }
  | (AskedAccess & {
      readonly goOn?: undefined;
      /** Whether the app may; or whether it is this account. */
      readonly what: 'consent' | 'choice';
      /** The host that says who the app is, where nobody has registered it. */
      readonly comesFrom?: string;
      readonly hasRegisteredItself?: boolean;
      /** Where the answer goes. */
      readonly answerGoesTo: string;
      /** It goes to a program on this machine. */
      readonly staysOnDevice: boolean;
    });

const CONSENTS = 'auth/consents';

type Asked = Exclude<AppQuestion, { readonly goOn: string }>;

/** What an app asks of whoever is signed in: the authorization endpoint leads here, and goes on from here. */
export async function showAuthorize(): Promise<void> {
  const request = takenToken;
  if (request === null || (await client.restore().catch(() => null)) === null) return showOver();
  try {
    const { email } = await client.getProfile();
    let asked: AppQuestion | undefined;
    const isFresh = await withFreshSignIn(email, async () => {
      asked = await ask(request);
    });
    if (!isFresh || asked === undefined) await refuse(request);
    else if (asked.goOn !== undefined) location.replace(asked.goOn);
    else show(request, email, asked);
  } catch (error) {
    showOver(problemOf(error));
  }
}

function showOver(text = words.app.over): void {
  showCard(words.app.overTitle, element('p', { role: 'alert' }, text));
}

function show(request: string, email: string, asked: Asked): void {
  const { app: say } = words;
  const { name } = asked.client;
  const isConsent = asked.what === 'consent';
  const yes = form({
    fields: [],
    submit: isConsent ? say.allow : say.goOn,
    onSubmit: () => agree(request, asked.what),
  });
  showCard(
    isConsent ? say.ask(name) : say.choice(name),
    paragraph(say.as(email), 'lead'),
    ...(isConsent ? whatItWants(asked) : []),
    yes,
    element(
      'p',
      { class: 'ways' },
      button(say.cancel, 'plain', () => refuse(request)),
      button(say.another, 'plain', () => useAnotherAccount(request)),
    ),
  );
}

function whatItWants({
  comesFrom,
  hasRegisteredItself,
  staysOnDevice,
  answerGoesTo,
  ...asked
}: Asked) {
  const { app: say } = words;
  return [
    ...(comesFrom === undefined ? [] : [paragraph(say.stranger(comesFrom))]),
    ...(hasRegisteredItself === true ? [paragraph(say.strangerItself)] : []),
    ...whatItMay(asked),
    paragraph(staysOnDevice ? say.device : say.to(answerGoesTo)),
    paragraph(say.withdraw, 'hint'),
  ];
}

/** To what was shown, and to nothing else. */
async function agree(request: string, what: Asked['what']): Promise<void> {
  const { goOn } = Object(await client.call('POST', CONSENTS, { request, what }));
  location.replace(goOn);
}

async function refuse(request: string): Promise<void> {
  const { goOn } = Object(await client.call('POST', `${CONSENTS}/denial`, { request }));
  location.replace(goOn);
}

/** The request goes on with whoever signs in next. */
async function useAnotherAccount(request: string): Promise<void> {
  await client.logout();
  location.replace(`../oauth/authorize?${new URLSearchParams({ continue: request })}`);
}

function ask(request: string): Promise<AppQuestion> {
  return client.call('POST', `${CONSENTS}/question`, { request }) as Promise<AppQuestion>;
}
