/** The parts are bounded, so that no text takes long. */
const MAILBOX = /[^\s@<>"'(),:;]{1,64}@[^\s@<>"'(),:;]{1,255}/g;

/** A text that others have written, without the e-mail addresses in it, however they are spelt. */
export function hideMailboxes(text: string, instead: string): string {
  return text.replace(MAILBOX, instead);
}
