import { takenHints } from '../taken-token.js';
import { de } from './de.js';
import { en, type Words } from './en.js';

export const LANGUAGES = { en: 'English', de: 'Deutsch' } as const;
export type Language = keyof typeof LANGUAGES;

const KEPT_AS = 'latchkey-language';
const WORDS: Readonly<Record<Language, Words>> = { en, de };

export let language: Language = hinted() ?? kept() ?? wanted() ?? 'en';
/** In the language that is chosen: read them where something is shown, and not before. */
export let words: Words = WORDS[language];

/** What is shown from now on, in this browser, is in this language. */
export function choose(next: Language): void {
  language = next;
  words = WORDS[next];
  try {
    localStorage.setItem(KEPT_AS, next);
  } catch {
    // Where nothing may be kept, the browser's own languages decide the next time.
  }
}

function kept(): Language | undefined {
  try {
    return known(localStorage.getItem(KEPT_AS) ?? '');
  } catch {
    return undefined;
  }
}

/** The app that led here speaks it to whoever uses it. */
function hinted(): Language | undefined {
  return firstKnown((takenHints.get('ui_locales') ?? '').split(' '));
}

function wanted(): Language | undefined {
  return firstKnown(navigator.languages);
}

function firstKnown(tags: readonly string[]): Language | undefined {
  return tags.map((tag) => known(tag.split('-')[0]?.toLowerCase() ?? '')).find(Boolean);
}

function known(tag: string): Language | undefined {
  return tag === 'en' || tag === 'de' ? tag : undefined;
}
