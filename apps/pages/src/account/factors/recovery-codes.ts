import { settings } from '../../settings.js';
import { button, element, paragraph } from '../../show/element.js';
import { save } from '../../show/save.js';
import { statusLine } from '../../show/view.js';
import { words } from '../../words/words.js';

/**
 * Recovery codes, which are shown now and never again, with ways to keep them.
 *
 * @param onKept when their owner says so
 */
export function recoveryCodes(
  codes: readonly string[],
  email: string,
  onKept: () => unknown,
): HTMLElement {
  const { factors: say } = words;
  const status = statusLine();
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(codes.join('\n'));
      status.textContent = say.copied;
    } catch {
      status.textContent = say.notCopied;
    }
  };
  const text = [say.codesOf(settings.brand, email), '', ...codes, ''].join('\n');
  return element(
    'div',
    { class: 'kept' },
    element('h3', { tabindex: '-1' }, say.codesTitle),
    paragraph(say.codesText),
    paragraph(say.codesOf(settings.brand, email), 'on-paper'),
    element('ol', { class: 'codes' }, ...codes.map((code) => element('li', {}, code))),
    element(
      'div',
      { class: 'actions' },
      button(say.copy, 'quiet', copy),
      button(say.downloadCodes, 'quiet', () => save(text, 'recovery-codes.txt', 'text/plain')),
      button(say.print, 'quiet', () => window.print()),
    ),
    status,
    element('div', { class: 'actions' }, button(say.kept, 'main', onKept)),
  );
}
