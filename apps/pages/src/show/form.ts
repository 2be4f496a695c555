import { LatchkeyClientError } from '../../../../src/latchkey/published/client/index.js';
import { fieldProblem, problemOf } from '../words/problems.js';
import { words } from '../words/words.js';
import { element } from './element.js';
import { Field, type FieldSpec } from './field.js';

export type Values = Readonly<Record<string, string>>;

export interface FormSpec {
  readonly fields: readonly FieldSpec[];
  /** What its button says. */
  readonly submit: string;
  readonly isDangerous?: boolean;
  /** Beside another form that matters more. */
  readonly isSecondary?: boolean;
  /** Which field an error code is about, where the answer does not say it. */
  readonly about?: Readonly<Record<string, string>>;
  /** What some error codes mean on this form, in place of what they mean elsewhere. */
  readonly meaning?: Readonly<Record<string, string>>;
  /** For password managers, on a form that has no field for the address. */
  readonly username?: string;
  readonly onSubmit: (values: Values) => Promise<unknown>;
  /** What is done about some errors instead of telling them; false: they are told. */
  readonly onError?: (error: LatchkeyClientError, values: Values) => boolean;
}

let made = 0;

/** A form that is sent by its script alone, and says what went wrong where it did. */
export function form(spec: FormSpec): HTMLFormElement {
  made += 1;
  const id = `form${made}`;
  const fields = spec.fields.map((field) => new Field(field, id));
  const problem = element('div', { role: 'alert', class: 'form-problem' });
  const look = spec.isDangerous ? 'danger' : spec.isSecondary ? 'quiet' : 'main';
  const submit = element('button', { type: 'submit', class: look }, spec.submit);
  const root = element(
    'form',
    { method: 'post', novalidate: true },
    problem,
    spec.username === undefined ? null : usernameField(spec.username),
    ...fields.map((field) => field.root),
    element('div', { class: 'actions' }, submit),
  );
  let busy = false;
  root.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (busy || !checkAll(fields)) return;
    busy = true;
    problem.textContent = '';
    submit.setAttribute('aria-disabled', 'true');
    submit.textContent = words.oneMoment;
    const values = Object.fromEntries(fields.map(({ spec: { name }, value }) => [name, value]));
    try {
      await spec.onSubmit(values);
    } catch (error) {
      const handled = error instanceof LatchkeyClientError && spec.onError?.(error, values);
      if (!handled) tell(error, spec, fields, problem);
    }
    busy = false;
    submit.removeAttribute('aria-disabled');
    submit.textContent = spec.submit;
  });
  return root;
}

function checkAll(fields: readonly Field[]): boolean {
  const wrong = fields.filter((field) => !field.check());
  wrong[0]?.input.focus();
  return wrong.length === 0;
}

/** At the fields that it concerns; where it concerns none, or one that is not here, above them. */
function tell(
  error: unknown,
  spec: FormSpec,
  fields: readonly Field[],
  problem: HTMLElement,
): void {
  const others: string[] = [];
  const concerned = new Map<Field, string[]>();
  for (const { field: name, text } of problemsIn(error, spec)) {
    const field = fields.find((candidate) => candidate.spec.name === name);
    if (field === undefined) others.push(text);
    else concerned.set(field, [...(concerned.get(field) ?? []), text]);
  }
  problem.replaceChildren(...others.map((text) => element('p', {}, text)));
  for (const [field, texts] of concerned) field.complain(texts.join(' '));
  const [first] = concerned.keys();
  first?.input.focus();
}

function problemsIn(
  error: unknown,
  { about = {}, meaning = {} }: FormSpec,
): { field: string | undefined; text: string }[] {
  if (error instanceof LatchkeyClientError && error.fields?.length)
    return error.fields.map(({ field, message }) => ({
      field,
      text: fieldProblem(field, message),
    }));
  const code = error instanceof LatchkeyClientError ? error.code : '';
  return [{ field: about[code], text: meaning[code] ?? problemOf(error) }];
}

/** Password managers keep a password for this name. */
function usernameField(username: string): HTMLInputElement {
  return element('input', {
    type: 'text',
    name: 'username',
    autocomplete: 'username',
    value: username,
    hidden: true,
    readonly: true,
    'aria-hidden': 'true',
    tabindex: '-1',
  });
}
