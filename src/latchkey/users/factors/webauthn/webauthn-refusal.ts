/** What is wrong with a response of WebAuthn: the words are for developers and for the audit trail. */
export class WebAuthnRefusal extends Error {}

/** @throws WebAuthnRefusal unless the condition holds */
export function requireThat(condition: boolean, refusal: string): asserts condition {
  if (!condition) throw new WebAuthnRefusal(refusal);
}
