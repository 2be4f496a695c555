/** What the server says of its settings: see `page-document.ts` there. */
export interface Settings {
  readonly brand: string;
  readonly registration: boolean;
  readonly passwordSignIn: boolean;
  readonly recovery: boolean;
  readonly emailSignIn: boolean;
  readonly emailChange: boolean;
  readonly singleSignOn: boolean;
  readonly emailVerification: 'off' | 'optional' | 'required';
  readonly passwordMinLength: number;
  /** The origins whose pages may ask for passkeys. */
  readonly passkeyOrigins: readonly string[];
  /** Whether the browser may make one unasked after a sign-in by password. */
  readonly passkeyUpgrade: boolean;
  /** Through which people sign in. */
  readonly providers: readonly { readonly id: string; readonly name: string }[];
}

export const settings: Settings = JSON.parse(
  document.querySelector<HTMLMetaElement>('meta[name="latchkey"]')?.content ?? '{}',
);
