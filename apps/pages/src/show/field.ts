import { words } from '../words/words.js';
import { element } from './element.js';

export interface FieldSpec {
  /** As the API names it, so that its refusals are shown there. */
  readonly name: string;
  readonly label: string;
  readonly type: 'email' | 'password' | 'text';
  /** What browsers and password managers fill in (HTML, section 4.10.18.7). */
  readonly autocomplete: string;
  readonly hint?: string;
  readonly value?: string;
  readonly optional?: boolean;
  /** Of the mail: eight characters in two groups. */
  readonly isCode?: boolean;
}

/** A field with its label, its hint and what is wrong with it. */
export class Field {
  readonly root: HTMLElement;
  readonly input: HTMLInputElement;
  private readonly problem: HTMLParagraphElement;

  constructor(
    readonly spec: FieldSpec,
    formId: string,
  ) {
    const id = `${formId}-${spec.name}`;
    const described = [spec.hint && `${id}-hint`, `${id}-problem`].filter(Boolean).join(' ');
    this.input = element('input', {
      id,
      name: spec.name,
      type: spec.type,
      autocomplete: spec.autocomplete,
      value: spec.value,
      'aria-describedby': described,
      'aria-required': spec.optional ? undefined : 'true',
      ...(spec.isCode && { class: 'code', autocapitalize: 'characters', maxlength: '20' }),
      ...(spec.type !== 'text' || spec.isCode ? { spellcheck: 'false' } : {}),
      ...(spec.type === 'email' && { inputmode: 'email', autocapitalize: 'none' }),
    });
    this.problem = element('p', { id: `${id}-problem`, class: 'field-problem' });
    const label = element('label', { for: id }, spec.label);
    if (spec.optional) label.append(' ', element('span', { class: 'optional' }, words.optional));
    this.root = element(
      'div',
      { class: 'field' },
      label,
      spec.type === 'password' ? this.withReveal() : this.input,
      spec.hint ? element('p', { id: `${id}-hint`, class: 'hint' }, spec.hint) : null,
      this.problem,
    );
  }

  get value(): string {
    return this.spec.type === 'password' ? this.input.value : this.input.value.trim();
  }

  /** @param text what is wrong; empty when nothing is */
  complain(text: string): void {
    this.problem.textContent = text;
    if (text === '') this.input.removeAttribute('aria-invalid');
    else this.input.setAttribute('aria-invalid', 'true');
  }

  /** What a person can see by themselves, before anything is sent. */
  check(): boolean {
    const missing = !this.spec.optional && this.value === '';
    const malformed = this.spec.type === 'email' && this.value !== '' && !/.@./.test(this.value);
    this.complain(missing ? words.problems.missing : malformed ? words.problems.email : '');
    return !missing && !malformed;
  }

  private withReveal(): HTMLElement {
    const reveal = element('button', { type: 'button', class: 'reveal', 'aria-pressed': 'false' });
    reveal.append(words.show);
    reveal.setAttribute('aria-label', `${words.show}: ${this.spec.label}`);
    reveal.addEventListener('click', () => {
      const shows = this.input.type === 'password';
      this.input.type = shows ? 'text' : 'password';
      reveal.setAttribute('aria-pressed', String(shows));
    });
    return element('div', { class: 'with-reveal' }, this.input, reveal);
  }
}
