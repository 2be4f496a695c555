import type {
  LatchkeyClientError,
  SecondFactorChallenge,
} from '../../../../src/latchkey/published/client/index.js';
import { client } from '../client.js';
import { button, element, paragraph } from '../show/element.js';
import { form } from '../show/form.js';
import { goOnAfterSignIn } from '../show/going-on.js';
import { showCard } from '../show/view.js';
import { words } from '../words/words.js';

const BY_CODE = ['totp', 'recovery_code'] as const;
type ByCode = (typeof BY_CODE)[number];

/** Goes on to what a sign-in still asks for; false: the error is about something else. */
export function asksForSecondFactor({ challenge }: LatchkeyClientError): boolean {
  const methods = BY_CODE.filter((method) => challenge?.methods.includes(method));
  const [first] = methods;
  if (challenge === undefined || first === undefined) return false;
  showSecondFactor(challenge, first, methods);
  return true;
}

function showSecondFactor(
  { challenge, ...more }: SecondFactorChallenge,
  method: ByCode,
  methods: readonly ByCode[],
): void {
  const say = words.secondFactor[method];
  const others = methods.filter((other) => other !== method);
  showCard(
    words.secondFactor.title,
    paragraph(say.ask),
    form({
      fields: [
        {
          name: 'code',
          label: say.label,
          type: 'text',
          autocomplete: 'one-time-code',
          isCode: true,
        },
      ],
      submit: words.signIn.submit,
      about: { 'auth.factor_invalid': 'code' },
      meaning: { 'auth.proof_invalid': words.secondFactor.over },
      onSubmit: async ({ code = '' }) => {
        await client.completeSignIn(challenge, { method, code });
        goOnAfterSignIn();
      },
    }),
    element(
      'p',
      { class: 'ways' },
      ...others.map((other) =>
        button(words.secondFactor[other].offer, 'plain', () =>
          showSecondFactor({ challenge, ...more }, other, methods),
        ),
      ),
    ),
  );
}
