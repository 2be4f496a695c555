import { client } from '../client.js';
import { button, element, paragraph } from '../show/element.js';
import { form } from '../show/form.js';
import { showCard } from '../show/view.js';
import { type AskedAccess, whatItMay } from '../show/what-it-may.js';
import { takenToken } from '../taken-token.js';
import { problemOf } from '../words/problems.js';
import { words } from '../words/words.js';

const DEVICE = 'auth/device';
const KEPT_AS = 'latchkey-device-code';

/** Signs in a device that shows a code: its owner comes here, on whatever has a browser and a keyboard. */
export async function showDevice(): Promise<void> {
  const code = takenToken ?? keptCode();
  if ((await client.restore().catch(() => null)) === null) {
    keepCode(code);
    location.replace(`sign-in?${new URLSearchParams({ returnTo: location.pathname })}`);
    return;
  }
  keepCode(null);
  if (code === null) showForm();
  else await showQuestion(code).catch((error) => showForm(code, problemOf(error)));
}

function showForm(value = '', problem = ''): void {
  const { device: say } = words;
  showCard(
    say.title,
    problem === '' ? null : element('p', { role: 'alert', class: 'form-problem' }, problem),
    paragraph(say.ask),
    form({
      fields: [
        {
          name: 'userCode',
          label: say.code,
          type: 'text',
          autocomplete: 'off',
          value,
          isCode: true,
        },
      ],
      submit: say.submit,
      about: { 'device.code_invalid': 'userCode' },
      onSubmit: ({ userCode = '' }) => showQuestion(userCode),
    }),
  );
}

async function showQuestion(userCode: string): Promise<void> {
  const asked = (await client.call('POST', `${DEVICE}/question`, { userCode })) as AskedAccess;
  const { email } = await client.getProfile();
  const { device: say, app } = words;
  const { name } = asked.client;
  showCard(
    say.question(name),
    paragraph(app.as(email), 'lead'),
    element('p', {}, say.shows, ' ', element('strong', { class: 'code' }, userCode.toUpperCase())),
    paragraph(say.warning),
    ...whatItMay(asked),
    paragraph(app.withdraw, 'hint'),
    form({
      fields: [],
      submit: app.allow,
      onSubmit: async () => {
        await client.call('POST', DEVICE, { userCode });
        showCard(say.allowedTitle, paragraph(say.allowed(name)));
      },
    }),
    element(
      'p',
      { class: 'ways' },
      button(app.cancel, 'plain', () => refuse(userCode)),
    ),
  );
}

async function refuse(userCode: string): Promise<void> {
  const { device: say } = words;
  // Where it has been answered, or is too old, there is nothing left to refuse.
  await client.call('POST', `${DEVICE}/denial`, { userCode }).catch(() => undefined);
  showCard(say.deniedTitle, paragraph(say.denied));
}

/** While its owner signs in, in this tab. */
function keepCode(code: string | null): void {
  try {
    if (code === null) sessionStorage.removeItem(KEPT_AS);
    else sessionStorage.setItem(KEPT_AS, code);
  } catch {
    // Where nothing may be kept, it is typed again.
  }
}

function keptCode(): string | null {
  try {
    return sessionStorage.getItem(KEPT_AS);
  } catch {
    return null;
  }
}
