import type { MadePasskey } from '../../../../../src/latchkey/published/client/passkeys/index.js';
import { hasPasskeys, passkeys } from '../../client.js';
import { paragraph } from '../../show/element.js';
import { form } from '../../show/form.js';
import { words } from '../../words/words.js';
import { deviceOf } from '../device.js';
import { withFreshSignIn } from '../fresh-sign-in.js';
import { section } from '../section.js';
import { FactorListing, type FactorPage, type FactorSection } from './factor-list.js';
import { withMailProof } from './mail-proof.js';

/** The account's passkeys, and a way to add one of this device. */
export function passkeySection(page: FactorPage): FactorSection {
  const { factors: say } = words;
  const listing = new FactorListing(page, say.passkey);
  const adding = form({
    fields: [
      {
        name: 'name',
        label: say.name,
        type: 'text',
        autocomplete: 'off',
        value: deviceOf(navigator.userAgent),
        hint: say.nameHint,
      },
    ],
    submit: say.addPasskey,
    onSubmit: async ({ name = '' }) => {
      if (!(await add(page.email, name))) return;
      adding.reset();
      await listing.tell(say.passkeyAdded);
    },
  });
  const root = section(
    say.passkeys,
    paragraph(say.passkeysText),
    listing.list,
    listing.status,
    hasPasskeys ? adding : paragraph(say.noPasskeys, 'hint'),
  );
  return {
    root,
    show: (factors) => listing.show(factors.filter(({ kind }) => kind === 'passkey')),
  };
}

/** @returns whether it was added: its owner may cancel */
async function add(email: string, name: string): Promise<boolean> {
  let made: MadePasskey | undefined;
  let isAdded = false;
  try {
    await withFreshSignIn(email, async () => {
      isAdded = await withMailProof(email, async (proof) => {
        made ??= await passkeys.make();
        await passkeys.add(made, { name, proof });
      });
    });
  } finally {
    if (made !== undefined && !isAdded) await passkeys.discard(made);
  }
  return isAdded;
}
