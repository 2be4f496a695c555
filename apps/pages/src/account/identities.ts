import type { Identity, Profile } from '../../../../src/latchkey/published/client/index.js';
import { client } from '../client.js';
import { errorFromProvider } from '../pages/from-provider.js';
import { settings } from '../settings.js';
import { askInDialog } from '../show/dialog.js';
import { button, element, paragraph } from '../show/element.js';
import { form } from '../show/form.js';
import { statusLine } from '../show/view.js';
import { problemOf } from '../words/problems.js';
import { words } from '../words/words.js';
import { withFreshSignIn } from './fresh-sign-in.js';
import { section } from './section.js';

/** Through which providers the account is signed in to; null where there are none. */
export function identitySection({ email }: Profile): HTMLElement | null {
  const { providers } = settings;
  if (providers.length === 0) return null;
  const { providers: say, factors } = words;
  const list = element('ul', { class: 'sessions' });
  const status = statusLine();
  const tell = (error: unknown) => {
    status.textContent = problemOf(error);
  };
  const nameOf = (id: string) => providers.find((provider) => provider.id === id)?.name ?? id;

  const remove = async ({ id, provider }: Identity) => {
    const removed = await askInDialog(factors.removeTitle(nameOf(provider)), ({ done }) => [
      paragraph(factors.removeText),
      form({
        fields: [],
        submit: factors.remove,
        isDangerous: true,
        onSubmit: async () => {
          if (await withFreshSignIn(email, () => client.removeIdentity(id))) done();
        },
      }),
    ]);
    if (!removed) return;
    await show();
    status.textContent = factors.removed(nameOf(provider));
    root.querySelector('h2')?.focus();
  };
  const item = (identity: Identity) => {
    const name = nameOf(identity.provider);
    const press = button(factors.remove, 'quiet', () => remove(identity));
    press.setAttribute('aria-label', `${factors.remove}: ${name}`);
    return element(
      'li',
      {},
      element(
        'div',
        {},
        element('p', { class: 'device' }, name),
        identity.email === null ? null : paragraph(identity.email, 'hint'),
      ),
      press,
    );
  };
  const show = async () => {
    const identities = await client.listIdentities();
    list.replaceChildren(...identities.map(item));
    list.hidden = identities.length === 0;
  };
  const add = (id: string) => () =>
    withFreshSignIn(email, () => client.addIdentity(id, location.pathname)).catch(tell);
  const root = section(
    say.title,
    paragraph(say.text),
    list,
    status,
    element(
      'div',
      { class: 'actions' },
      ...providers.map(({ id, name }) => button(say.add(name), 'quiet', add(id))),
    ),
  );
  show().catch(tell);
  const error = errorFromProvider();
  if (error !== null) tell(error);
  return root;
}
