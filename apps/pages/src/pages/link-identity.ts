import type { Proof } from '../../../../src/latchkey/published/client/index.js';
import { client } from '../client.js';
import { button, element, paragraph } from '../show/element.js';
import { form } from '../show/form.js';
import { doBeforeGoingOn, goOnAfterSignIn } from '../show/going-on.js';
import { codeField } from '../show/password-field.js';
import { showCard } from '../show/view.js';
import { takenToken } from '../taken-token.js';
import { problemOf } from '../words/problems.js';
import { words } from '../words/words.js';
import { asksForSecondFactor } from './second-factor.js';

/** Links the identity that waits, by the link of the mail, in the browser that came from the provider. */
export function showLinkIdentity(): void {
  const { providers: say } = words;
  const token = takenToken;
  if (token === null) {
    showCard(say.proofTitle, paragraph(words.invitation.noLink));
    return;
  }
  showCard(
    say.proofTitle,
    paragraph(say.linkAsk),
    form({
      fields: [],
      submit: say.link,
      onSubmit: () => prove({ token }),
      onError: asksForSecondFactor,
    }),
  );
}

/**
 * Has the owner of an account show that it is theirs, whose address a provider has named.
 *
 * @param signInOtherwise shows the other ways, after which it is linked as well
 */
export function showIdentityProof(
  ticket: string,
  byMail: boolean,
  signInOtherwise: () => unknown,
): void {
  const { providers: say } = words;
  const otherwise = () => {
    doBeforeGoingOn({ work: () => client.linkIdentity(ticket), onError: showNotLinked });
    signInOtherwise();
  };
  showCard(
    say.proofTitle,
    paragraph(byMail ? say.proofByMail : say.proofBySignIn),
    byMail
      ? form({
          fields: [codeField()],
          submit: say.link,
          about: { 'auth.proof_invalid': 'code' },
          onSubmit: ({ code = '' }) => prove({ ticket, code }),
          onError: asksForSecondFactor,
        })
      : null,
    element('p', { class: 'ways' }, button(say.otherwise, 'plain', otherwise)),
  );
}

/** Who has signed in all the same. */
function showNotLinked(error: unknown, address: string): void {
  const { providers: say, account } = words;
  showCard(
    say.notLinked,
    element('p', { role: 'alert', class: 'form-problem' }, problemOf(error)),
    paragraph(say.notLinkedText),
    element('p', {}, element('a', { href: address, class: 'button' }, account.goOn)),
  );
}

async function prove(proof: Proof): Promise<void> {
  await client.proveIdentity(proof);
  await goOnAfterSignIn();
}
