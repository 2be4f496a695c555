import type { Profile } from '../../../../src/latchkey/published/client/index.js';
import { client } from '../client.js';
import { button, paragraph } from '../show/element.js';
import { form } from '../show/form.js';
import { save } from '../show/save.js';
import { showCard } from '../show/view.js';
import { words } from '../words/words.js';
import { withFreshSignIn } from './fresh-sign-in.js';
import { section } from './section.js';

let left = false;

/** Whether the account has been deleted here: its session's end is no news then. */
export function hasLeft(): boolean {
  return left;
}

/** What is held of the owner, to take along. */
export function dataSection({ email }: Profile): HTMLElement {
  const { account: say } = words;
  const download = form({
    fields: [],
    submit: say.download,
    onSubmit: () =>
      withFreshSignIn(email, async () =>
        save(
          JSON.stringify(await client.exportAccount(), null, 2),
          'account.json',
          'application/json',
        ),
      ),
  });
  return section(say.data, paragraph(say.dataText), download);
}

/** The end of the account: asked twice, since it is final. */
export function leavingSection({ email }: Profile): HTMLElement {
  const { account: say } = words;
  const ask = button(say.leave, 'danger', () => {
    const really = form({
      fields: [],
      submit: say.leaveNow,
      isDangerous: true,
      onSubmit: () => withFreshSignIn(email, leave),
    });
    ask.replaceWith(paragraph(say.leaveAsk), really);
    really.querySelector('button')?.focus();
  });
  return section(say.leave, paragraph(say.leaveText), ask);
}

async function leave(): Promise<void> {
  const { account: say } = words;
  left = true;
  await client.deleteAccount().catch((error) => {
    left = false;
    throw error;
  });
  document.getElementById('top-actions')?.replaceChildren();
  showCard(say.left, paragraph(say.leftText));
}
