import { words } from '../words/words.js';
import { element, paragraph } from './element.js';

/** A service that an app wants tokens for, with what it may do there. */
export interface AskedResource {
  readonly identifier: string;
  readonly name: string;
  readonly scopes: readonly { readonly name: string; readonly description: string }[];
}

export interface AskedAccess {
  readonly client: { readonly id: string; readonly name: string };
  readonly scopes: readonly string[];
  readonly resource?: AskedResource;
}

/** What an app is allowed with a yes: here, and at the service that it wants tokens for. */
export function whatItMay({ client: { name }, scopes, resource }: AskedAccess): HTMLElement[] {
  const { app: say } = words;
  const there = resource?.scopes ?? [];
  const here = scopes.filter((scope) => !there.some((one) => one.name === scope));
  return [
    ...(here.length === 0 ? [] : [paragraph(say.may(name)), list(here.map(whatItIs))]),
    ...(resource === undefined
      ? []
      : [
          paragraph(say.mayAt(name, resource.name, resource.identifier)),
          list(there.map(({ description }) => description)),
        ]),
  ];
}

function whatItIs(scope: string): string {
  return words.app.scopes[scope] ?? scope;
}

function list(texts: readonly string[]): HTMLElement {
  return element('ul', {}, ...texts.map((text) => element('li', {}, text)));
}
