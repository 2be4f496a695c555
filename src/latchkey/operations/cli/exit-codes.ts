/** It could not be done, or what was examined is not as it should be. */
export const FAILED = 1;
/** There is no such command or option, or something is missing or cannot be what was given. */
export const WRONG_USE = 2;

/** What each exit code says. */
export const EXIT_CODES: readonly [code: number, meaning: string][] = [
  [0, 'done'],
  [FAILED, 'it could not be done, and standard error says why; doctor: something is wrong'],
  [WRONG_USE, 'no such command or option, or something is missing; nothing was done'],
];

/** @param called how commands are called here */
export function exitCodesHelp(called: string): string {
  return [
    '',
    `"${called} <command> --help" shows what one takes.`,
    '',
    'Exit codes:',
    ...EXIT_CODES.map(([code, meaning]) => `  ${code}  ${meaning}`),
    '',
    'What was asked for goes to standard output, with --json as JSON, an object a line; all else to',
    'standard error.',
  ].join('\n');
}
