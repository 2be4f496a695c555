import { escapeHtml } from '../../platform/http/answers/escape-html.js';

/** Why nobody is sent on. */
export interface DeadEnd {
  /** For whoever runs the app. */
  readonly detail: string;
  readonly code: string;
  readonly requestId: string;
}

const WORDS = {
  en: {
    title: 'The app cannot sign you in',
    nothing: 'Nothing has been sent to the app that led you here, or to anybody else.',
    you: 'Go back to the app and begin again. If this page comes again, tell whoever runs the app what it says below.',
    them: 'For whoever runs the app:',
  },
  de: {
    title: 'Die App kann Sie nicht anmelden',
    nothing:
      'Weder an die App, die Sie hierher geführt hat, noch an irgendjemanden sonst ist etwas geschickt worden.',
    you: 'Gehen Sie zur App zurück und beginnen Sie von vorn. Wenn diese Seite wieder kommt, sagen Sie denen, die die App betreiben, was unten steht.',
    them: 'Für die Betreiber der App:',
  },
} as const;

/** The page of a request that leads nowhere: without script and style, which the policy of every answer forbids. */
export function deadEndPage(
  { detail, code, requestId }: DeadEnd,
  language: keyof typeof WORDS,
): string {
  const say = WORDS[language];
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${say.title}</title>
</head>
<body>
<main>
<h1>${say.title}</h1>
<p>${say.nothing}</p>
<p>${say.you}</p>
<p>${say.them}</p>
<p lang="en"><code>${escapeHtml(detail)}</code><br><code>${code} ${escapeHtml(requestId)}</code></p>
</main>
</body>
</html>
`;
}
