/** What about an account, once it has changed, makes what was issued for it worthless. */
export type AccountTrait = 'address' | 'password' | 'verification';

export interface OneTimePurposeDefinition {
  /** A word or two with dashes that no other purpose has. It is stored, and part of each secret. */
  readonly name: string;
  readonly lifetimeSeconds: number;
  /** Besides the account's being active, which counts for every purpose. */
  readonly diesWith: readonly AccountTrait[];
  /** It is issued in a session, and is dead once that has ended. */
  readonly inSession?: boolean;
  /** A newer one leaves those before it good. */
  readonly severalAtOnce?: boolean;
  /**
   * Of `severalAtOnce`: once so many of one account are good, whoever asks within a minute of the newest gets
   * that one. So they stay few, and none is taken from whoever has got it.
   */
  readonly sharedBeyond?: number;
  /**
   * Anybody may ask for it in the owner's name, and so must not make worthless what the owner has got: a
   * newer one leaves three good at once, and whoever asks for more gets the newest of them, with a ticket
   * of their own. To redeem one ends the others.
   */
  readonly anybodyMayAsk?: boolean;
}

const defined = new Map<string, OneTimePurpose>();

/** What a one-time secret is for. A secret of one purpose is nothing to another. */
export class OneTimePurpose {
  readonly name: string;
  readonly lifetimeSeconds: number;
  readonly diesWith: readonly AccountTrait[];
  readonly inSession: boolean;
  readonly severalAtOnce: boolean;
  readonly sharedBeyond: number | null;
  readonly anybodyMayAsk: boolean;

  constructor(definition: OneTimePurposeDefinition) {
    const { name, lifetimeSeconds, diesWith } = definition;
    const { inSession = false, severalAtOnce = false, anybodyMayAsk = false } = definition;
    const { sharedBeyond = null } = definition;
    this.name = name;
    this.lifetimeSeconds = lifetimeSeconds;
    this.diesWith = diesWith;
    this.inSession = inSession;
    this.severalAtOnce = severalAtOnce;
    this.sharedBeyond = sharedBeyond;
    this.anybodyMayAsk = anybodyMayAsk;
  }
}

/**
 * Declares a purpose, and enters it into what the tests of one-time secrets go through.
 *
 * @example `const recovery = defineOneTimePurpose({ name: 'recovery', lifetimeSeconds: 3_600, diesWith: ['password'] });`
 * @throws Error when there is a purpose of this name already, or the name is not in its form
 */
export function defineOneTimePurpose(definition: OneTimePurposeDefinition): OneTimePurpose {
  const { name } = definition;
  if (!/^[a-z]+(-[a-z]+)*$/.test(name)) throw new Error(`"${name}" is no name for a purpose.`);
  if (defined.has(name)) throw new Error(`There is a purpose "${name}" already.`);
  const purpose = new OneTimePurpose(definition);
  defined.set(name, purpose);
  return purpose;
}

/** Every purpose that has been declared so far. */
export function definedOneTimePurposes(): OneTimePurpose[] {
  return [...defined.values()];
}

/** @throws Error when no such purpose has been declared */
export function getOneTimePurpose(name: string): OneTimePurpose {
  const purpose = defined.get(name);
  if (purpose === undefined) throw new Error(`No purpose "${name}" has been declared.`);
  return purpose;
}
