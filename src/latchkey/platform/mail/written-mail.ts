import { escapeHtml } from '../http/answers/escape-html.js';
/** A mail as it is written, before it has a recipient. */
export interface WrittenMail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** A mail on its way. */
export interface OutgoingMail extends WrittenMail {
  /** The same for every try: what `Message-ID` is made of. */
  readonly id: string;
  /** One address, as it is stored. */
  readonly to: string;
  /** What it is for: the name of its template. */
  readonly purpose: string;
  /** Those that the text holds, for `/dev/mail`. */
  readonly links: readonly string[];
  readonly code: string | null;
}

/** What a mail says, for `layOutMail` to make text and HTML of. */
export interface MailContent {
  /** Of BCP 47. */
  readonly locale: string;
  readonly subject: string;
  readonly paragraphs: readonly string[];
  readonly link?: { readonly label: string; readonly url: string };
  readonly code?: { readonly label: string; readonly code: string };
  /** Which account, where the request came from, what to do if it was not you. */
  readonly footnotes: readonly string[];
}

/** The same in text and in HTML: no image, nothing that is loaded, nothing that counts who reads it. */
export function layOutMail(content: MailContent): WrittenMail {
  const { locale, subject, paragraphs, link, code, footnotes } = content;
  const text = [
    ...paragraphs,
    ...(link === undefined ? [] : [`${link.label}:\n${link.url}`]),
    ...(code === undefined ? [] : [`${code.label}:\n${code.code}`]),
    '-- ',
    ...footnotes,
  ].join('\n\n');
  const html = `<!doctype html>
<html lang="${escapeHtml(locale)}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"><title>${escapeHtml(subject)}</title></head>
<body style="font:16px/1.5 system-ui,sans-serif;max-width:34em;margin:2em auto;padding:0 1em">
${paragraphs.map((paragraph) => `<p>${escapeHtml(paragraph)}</p>`).join('\n')}
${link === undefined ? '' : `<p><a href="${escapeHtml(link.url)}">${escapeHtml(link.label)}</a></p>`}
${code === undefined ? '' : `<p>${escapeHtml(code.label)}:<br><strong style="font:1.4em ui-monospace,monospace">${escapeHtml(code.code)}</strong></p>`}
<hr>
${footnotes.map((note) => `<p><small>${escapeHtml(note)}</small></p>`).join('\n')}
</body></html>
`;
  return { subject, text: `${text}\n`, html };
}
