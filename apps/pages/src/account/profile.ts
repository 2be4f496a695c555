import type { Profile } from '../../../../src/latchkey/published/client/index.js';
import { client } from '../client.js';
import { settings } from '../settings.js';
import { element, link } from '../show/element.js';
import { form } from '../show/form.js';
import { statusLine } from '../show/view.js';
import { LANGUAGES, words } from '../words/words.js';
import { section } from './section.js';

/** Name, and the language of mails. */
export function profileSection(profile: Profile): HTMLElement {
  const { account: say } = words;
  const status = statusLine();
  const language = languageField(profile.locale);
  const fields = form({
    fields: [
      {
        name: 'name',
        label: words.name,
        type: 'text',
        autocomplete: 'name',
        value: profile.name ?? '',
        optional: true,
      },
    ],
    submit: say.save,
    onSubmit: async ({ name = '' }) => {
      status.textContent = '';
      const locale = language.select.value;
      await client.updateProfile({ name: name || null, locale: locale || null });
      status.textContent = say.saved;
    },
  });
  fields.querySelector('.actions')?.before(language.root);
  return section(say.profile, addressLine(profile), fields, status);
}

function addressLine({ email, emailVerified }: Profile): HTMLElement {
  const { account: say } = words;
  const asks = settings.emailVerification !== 'off';
  const offers = !emailVerified && asks;
  const state = emailVerified ? say.verified : say.unverified;
  return element(
    'dl',
    {},
    element('dt', {}, words.email),
    element(
      'dd',
      {},
      `${email} `,
      emailVerified || asks
        ? element('span', { class: emailVerified ? 'mark good' : 'mark' }, state)
        : null,
      offers ? ' ' : null,
      offers ? link(say.confirmNow, 'verify') : null,
    ),
  );
}

function languageField(locale: string | null) {
  const { account: say } = words;
  const offered: [string, string][] = [['', say.ofBrowser], ...Object.entries(LANGUAGES)];
  // A team may have mails in more languages than pages.
  if (locale !== null && !(locale in LANGUAGES)) offered.push([locale, locale]);
  const select = element('select', { id: 'locale' });
  for (const [value, name] of offered) select.append(element('option', { value }, name));
  select.value = locale ?? '';
  const root = element(
    'div',
    { class: 'field' },
    element('label', { for: 'locale' }, say.mailLanguage),
    select,
  );
  return { root, select };
}
