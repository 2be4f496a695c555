import type { Factor } from '../../../../../src/latchkey/published/client/index.js';
import { client } from '../../client.js';
import { element, paragraph } from '../../show/element.js';
import { form } from '../../show/form.js';
import { words } from '../../words/words.js';
import { withFreshSignIn } from '../fresh-sign-in.js';
import { section } from '../section.js';
import { FactorListing, type FactorPage, type FactorSection } from './factor-list.js';
import { newTotp } from './new-totp.js';
import { recoveryCodes } from './recovery-codes.js';

/** Authenticator apps, and the recovery codes that stand in for them. */
export function secondStepSection(page: FactorPage): FactorSection {
  const { factors: say } = words;
  const { email } = page;
  const listing = new FactorListing(page, say.totp);
  const place = element('div', { class: 'chooser' });
  let all: readonly Factor[] = [];

  const showCodes = (codes: readonly string[]) => {
    const shown = recoveryCodes(codes, email, () => {
      showOffers();
      return listing.tell(say.codesKept);
    });
    place.replaceChildren(shown);
    shown.querySelector('h3')?.focus();
  };
  const addTotp = form({
    fields: [],
    submit: say.addTotp,
    onSubmit: () =>
      withFreshSignIn(email, async () => {
        const begun = await client.beginTotp();
        const { proofNeeded } = await client.listFactors();
        const ticket = proofNeeded ? (await client.requestFactorProof()).ticket : null;
        const onAdded = async (codes: readonly string[]) => {
          showOffers();
          await listing.tell(say.totpAdded);
          if (codes.length > 0) showCodes(codes);
        };
        place.replaceChildren(newTotp({ email, begun, ticket, onAdded, onCancel: showOffers }));
        place.querySelector('input')?.focus();
      }),
  });
  const makeCodes = form({
    fields: [],
    submit: say.makeCodes,
    isSecondary: true,
    onSubmit: () =>
      withFreshSignIn(email, async () => showCodes(await client.replaceRecoveryCodes())),
  });
  const left = paragraph('');
  const showOffers = () => {
    const codes = all.find(({ kind }) => kind === 'recovery_codes');
    left.textContent = say.codesLeft(codes?.left ?? 0);
    place.replaceChildren(addTotp, ...(all.length === 0 ? [] : [left, makeCodes]));
  };

  const root = section(
    say.secondSteps,
    paragraph(say.secondStepsText),
    listing.list,
    listing.status,
    place,
  );
  return {
    root,
    show: (factors) => {
      all = factors;
      listing.show(factors.filter(({ kind }) => kind === 'totp'));
      // What is being shown once is not to be taken away.
      if (place.querySelector('.kept') === null) showOffers();
    },
  };
}
