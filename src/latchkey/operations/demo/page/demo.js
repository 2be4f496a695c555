import { createClient, LatchkeyClientError } from '../../../published/client/index.js';
import { element } from './element.js';
import { showCallsOf } from './guarded-calls.js';
import { listSessionsOf } from './session-list.js';
import { showLifeOf } from './token-life.js';

const client = createClient({ baseUrl: './', delivery: 'cookie' });
const email = element('email', HTMLInputElement);
const password = element('password', HTMLInputElement);

/** @param {string} text */
function say(text, problem = false) {
  const message = element('message');
  message.textContent = text;
  message.classList.toggle('problem', problem);
}

/**
 * Says what went wrong: in the server's words, with its stable code, or as the browser has it.
 *
 * @param {() => Promise<void>} work
 */
async function attempt(work) {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof LatchkeyClientError)) {
      return say(`That failed, perhaps because the server is away. (${error})`, true);
    }
    const reason = error.fields?.map(({ field, message }) => `${field}: ${message}`).join('; ');
    say(`${reason ?? error.message} (${error.code})`, true);
  }
}

const listSessions = listSessionsOf(client, attempt, say);
const showLife = showLifeOf(element('life', HTMLProgressElement));
showCallsOf(client, attempt);

/** @param {import('../../../published/client/index.js').Principal | null} principal */
function show(principal) {
  const wasSignedIn = !element('signed-in').hidden;
  element('signed-out').hidden = principal !== null;
  element('signed-in').hidden = principal === null;
  showLife(principal);
  if (principal === null) {
    if (wasSignedIn) email.focus();
    return;
  }
  element('user-id').textContent = principal.userId;
  element('session-id').textContent = principal.sessionId;
  element('roles').textContent = principal.roles.join(', ') || 'none';
  element('permissions').textContent = principal.permissions.join(', ') || 'none';
  if (wasSignedIn) return;
  element('you-title').focus();
  void listSessions();
}

/** Whether there may be a session: a first visit asks for none, and its console shows no 401. */
const VISITED = 'latchkey-demo-session';

client.onChange((principal) => {
  if (principal === null) localStorage.removeItem(VISITED);
  else localStorage.setItem(VISITED, 'yes');
  if (principal === null) say('You are signed out.');
  show(principal);
});

element('sign-in').addEventListener('submit', (event) => {
  event.preventDefault();
  const { submitter } = /** @type {SubmitEvent} */ (event);
  const registers = submitter instanceof HTMLButtonElement && submitter.value === 'register';
  void attempt(async () => {
    say('One moment …');
    if (registers) await client.register(email.value, password.value);
    await client.login(email.value, password.value);
    say(registers ? 'The account is made, and you are signed in.' : 'You are signed in.');
    password.value = '';
  });
});

const demoAccount = element('use-demo-account');
demoAccount.addEventListener('click', () => {
  email.value = demoAccount.dataset.email ?? '';
  password.value = demoAccount.dataset.password ?? '';
  password.focus();
});

element('sign-out').addEventListener('click', () => attempt(() => client.logout()));
element('sign-out-everywhere').addEventListener('click', () =>
  attempt(async () => {
    const ended = await client.logoutAll();
    say(`Signed out everywhere: ${ended} session${ended === 1 ? '' : 's'} ended.`);
  }),
);

await attempt(async () =>
  show(localStorage.getItem(VISITED) === null ? null : await client.restore()),
);
