/**
 * What a factor is to a sign-in: `first` signs in by itself and gives `aal1`; `second` makes `aal2` of a
 * first one; `both` gives `aal2` by itself, as a passkey does that verified its user.
 */
export type FactorRole = 'first' | 'second' | 'both';

export interface FactorDefinition {
  /** A word or two with underscores that no other factor has. It is stored with the session. */
  readonly name: string;
  /** What showing it is called in the claim `amr` (RFC 8176). */
  readonly amr: readonly string[];
  readonly role: FactorRole;
  /** Whether no other site can make its owner show it there. */
  readonly phishingResistant?: boolean;
}

/** That a factor has been shown. */
export interface ShownFactor {
  readonly factor: Factor;
  /** Which of an account's factors of the kind it was, so that its removal takes effect here. */
  readonly id?: string;
  /** When, in seconds since the epoch; now unless it is said. */
  readonly at?: number;
}

/** A kind of thing by which somebody shows who they are. */
export class Factor implements FactorDefinition {
  readonly name: string;
  readonly amr: readonly string[];
  readonly role: FactorRole;
  readonly phishingResistant: boolean;

  /** Made by `defineFactor`. */
  constructor({ name, amr, role, phishingResistant = false }: FactorDefinition) {
    this.name = name;
    this.amr = amr;
    this.role = role;
    this.phishingResistant = phishingResistant;
  }

  /**
   * For `CompleteSignIn`, once it has been.
   *
   * @param id of a factor that an account can have several of
   */
  shown(id?: string): ShownFactor {
    return { factor: this, ...(id !== undefined && { id }) };
  }
}

const defined = new Map<string, Factor>();

/**
 * Declares a kind of factor.
 *
 * @example
 * ```ts
 * export const DOOR_CODE = defineFactor({ name: 'door_code', amr: ['otp'], role: 'first' });
 * return this.signIn.complete(reply, { account, factors: [DOOR_CODE.shown()], delivery });
 * ```
 * @throws Error when there is a factor of this name already, or the name is not in its form
 */
export function defineFactor(definition: FactorDefinition): Factor {
  const { name } = definition;
  if (!/^[a-z]+(_[a-z]+)*$/.test(name)) throw new Error(`"${name}" is no name for a factor.`);
  if (defined.has(name)) throw new Error(`There is a factor "${name}" already.`);
  const factor = new Factor(definition);
  defined.set(name, factor);
  return factor;
}

/** Undefined for what no feature of this process has defined. */
export function findFactor(name: string): Factor | undefined {
  return defined.get(name);
}

export const PASSWORD = defineFactor({ name: 'password', amr: ['pwd'], role: 'first' });
