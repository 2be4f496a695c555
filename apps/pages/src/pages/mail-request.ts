import type { Requested } from '../../../../src/latchkey/published/client/index.js';
import { button, type Child, element, paragraph } from '../show/element.js';
import { form } from '../show/form.js';
import { showCard } from '../show/view.js';
import { durationOf } from '../words/duration.js';
import { words } from '../words/words.js';

/** Something that is proved by a mail: how the mail is asked for, and what is done with its code. */
export interface MailFlow {
  readonly title: string;
  readonly ask: string;
  readonly submit: string;
  readonly request: (email: string) => Promise<Requested>;
  /** The form that takes the code. */
  readonly byCode: (email: string, ticket: string) => HTMLElement;
  /** Where the request is not the only way from here. */
  readonly also?: HTMLElement | null;
  /** What browsers fill in for the address. */
  readonly autocomplete?: string;
  /** Below the request: where else one can go from here. */
  readonly elsewhere: Child;
}

export function showMailRequest(flow: MailFlow): void {
  const { autocomplete = 'username' } = flow;
  showCard(
    flow.title,
    paragraph(flow.ask),
    form({
      fields: [{ name: 'email', label: words.email, type: 'email', autocomplete }],
      submit: flow.submit,
      onSubmit: async ({ email = '' }) => showSent(flow, email, await flow.request(email)),
    }),
    flow.also ?? null,
    flow.elsewhere && element('p', { class: 'ways' }, flow.elsewhere),
  );
}

function showSent(flow: MailFlow, email: string, { ticket, expiresIn }: Requested): void {
  const { recover: say } = words;
  showCard(
    say.sentTitle,
    paragraph(say.sent(email, durationOf(expiresIn))),
    flow.byCode(email, ticket),
    element(
      'p',
      { class: 'ways' },
      button(say.again, 'plain', () => showMailRequest(flow)),
    ),
  );
}
