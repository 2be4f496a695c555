import { declaredErrors } from './define-errors.js';

/** Every error of the application as a Markdown document, one anchor per code. */
export function errorCatalogue(): string {
  const entries = declaredErrors().map(
    ({ code, status, title, remedy }) =>
      `## <a id="${code}"></a>\`${code}\`\n\n**${status}.** ${title}\n\n${remedy}\n`,
  );
  return [
    '# Errors\n',
    'Every answer that is an error is `application/problem+json` (RFC 9457) with a stable `code`.',
    'This page is generated from the code: `npm run docs:errors`.\n',
    ...entries,
  ].join('\n');
}
