import type { BegunTotp } from '../../../../../src/latchkey/published/client/index.js';
import { client } from '../../client.js';
import { button, element, link, paragraph } from '../../show/element.js';
import { form } from '../../show/form.js';
import { codeField, factorCodeField } from '../../show/password-field.js';
import { qrCode } from '../../show/qr-code.js';
import { words } from '../../words/words.js';
import { withFreshSignIn } from '../fresh-sign-in.js';

const GROUPS_OF_FOUR = /.{1,4}/g;

export interface NewTotp {
  readonly email: string;
  readonly begun: BegunTotp;
  /** Of the mail whose code is asked for as well; null where none is. */
  readonly ticket: string | null;
  /** With the recovery codes, where the account had none. */
  readonly onAdded: (codes: readonly string[]) => unknown;
  readonly onCancel: () => unknown;
}

/** The secret of an authenticator app, as a picture and as text, and the form for its first code. */
export function newTotp(spec: NewTotp): HTMLElement {
  const { factors: say, account } = words;
  const { secret, uri } = spec.begun;
  return element(
    'div',
    { class: 'chooser' },
    paragraph(say.scan),
    qrCode(uri, say.qrCode),
    paragraph(say.typeSecret),
    element('p', {}, element('code', { class: 'secret' }, grouped(secret))),
    element('p', {}, link(say.openApp, uri)),
    spec.ticket === null ? null : paragraph(say.mailProof(spec.email)),
    confirming(spec),
    element('p', {}, button(account.cancel, 'plain', spec.onCancel)),
  );
}

function confirming({ email, begun, ticket, onAdded }: NewTotp): HTMLFormElement {
  const { factors: say, secondFactor } = words;
  const mailed = { ...codeField(), name: 'mailCode' };
  return form({
    fields: [factorCodeField(secondFactor.totp.label), ...(ticket === null ? [] : [mailed])],
    submit: say.confirmTotp,
    about: { 'factors.code_invalid': 'code', 'auth.proof_invalid': 'mailCode' },
    onSubmit: ({ code = '', mailCode = '' }) =>
      withFreshSignIn(email, async () => {
        const proof = ticket === null ? undefined : { ticket, code: mailCode };
        await onAdded(await client.confirmTotp(begun.id, code, proof));
      }),
  });
}

/** As people read and type it; apps take no notice of the spaces. */
function grouped(secret: string): string {
  return (secret.match(GROUPS_OF_FOUR) ?? []).join(' ');
}
