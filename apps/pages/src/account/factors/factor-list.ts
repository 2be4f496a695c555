import type { Factor } from '../../../../../src/latchkey/published/client/index.js';
import { client } from '../../client.js';
import { askInDialog } from '../../show/dialog.js';
import { button, element, paragraph } from '../../show/element.js';
import { form } from '../../show/form.js';
import { statusLine } from '../../show/view.js';
import { language, words } from '../../words/words.js';
import { withFreshSignIn } from '../fresh-sign-in.js';

/** What the sections of factors share. */
export interface FactorPage {
  readonly email: string;
  /** Lists them anew, in every section. */
  readonly refresh: () => Promise<void>;
}

/** Factors of one kind, each with buttons that name and remove it. */
export interface FactorSection {
  readonly root: HTMLElement;
  readonly show: (factors: readonly Factor[]) => void;
}

/** A list, and the line below it that says what has become of one. */
export class FactorListing {
  readonly list = element('ul', { class: 'sessions' });
  readonly status = statusLine();

  constructor(
    private readonly page: FactorPage,
    private readonly fallback: string,
  ) {}

  show(factors: readonly Factor[]): void {
    this.list.replaceChildren(...factors.map((factor) => this.item(factor)));
    this.list.hidden = factors.length === 0;
  }

  /** Says it, and puts the keyboard where it was: what was pressed is gone. */
  async tell(text: string): Promise<void> {
    await this.page.refresh();
    this.status.textContent = text;
    this.list.closest('section')?.querySelector('h2')?.focus();
  }

  private item(factor: Factor): HTMLLIElement {
    const { factors: say } = words;
    const name = factor.name ?? this.fallback;
    const rename = button(say.rename, 'quiet', () => this.rename(factor));
    const remove = button(say.remove, 'quiet', () => this.remove(factor, name));
    for (const press of [rename, remove])
      press.setAttribute('aria-label', `${press.textContent}: ${name}`);
    return element(
      'li',
      {},
      element(
        'div',
        {},
        element('p', { class: 'device' }, name),
        paragraph(timesOf(factor), 'hint'),
      ),
      element('div', { class: 'actions' }, rename, remove),
    );
  }

  private async rename({ id, name }: Factor): Promise<void> {
    const { factors: say, account } = words;
    const renamed = await askInDialog(say.renameTitle, ({ done }) => [
      form({
        fields: [
          { name: 'name', label: words.name, type: 'text', autocomplete: 'off', value: name ?? '' },
        ],
        submit: account.save,
        onSubmit: async ({ name: chosen = '' }) => {
          const { email } = this.page;
          if (await withFreshSignIn(email, () => client.renameFactor(id, chosen))) done();
        },
      }),
    ]);
    if (renamed) await this.tell(account.saved);
  }

  private async remove({ id }: Factor, name: string): Promise<void> {
    const { factors: say } = words;
    const removed = await askInDialog(say.removeTitle(name), ({ done }) => [
      paragraph(say.removeText),
      form({
        fields: [],
        submit: say.remove,
        isDangerous: true,
        onSubmit: async () => {
          if (await withFreshSignIn(this.page.email, () => client.removeFactor(id))) done();
        },
      }),
    ]);
    if (removed) await this.tell(say.removed(name));
  }
}

function timesOf({ createdAt, lastUsedAt }: Factor): string {
  const { factors: say, account } = words;
  const format = new Intl.DateTimeFormat(language, { dateStyle: 'medium' });
  const day = (time: string) => format.format(new Date(time));
  const used = lastUsedAt === null ? say.neverUsed : account.lastUsed(day(lastUsedAt));
  return `${say.added(day(createdAt))}, ${used}`;
}
