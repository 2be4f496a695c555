import { requireThat, WebAuthnRefusal } from './webauthn-refusal.js';

export type CborValue =
  | number
  | string
  | boolean
  | null
  | Buffer
  | CborValue[]
  | Map<number | string, CborValue>;

/** CTAP 2 allows four levels. */
const MAX_DEPTH = 4;
const MAX_ITEMS = 64;
const TYPES = { unsigned: 0, negative: 1, bytes: 2, text: 3, array: 4, map: 5, simple: 7 } as const;
const SIMPLE: Readonly<Record<number, boolean | null>> = { 20: false, 21: true, 22: null };

/**
 * Reads one item of CBOR (RFC 8949) in the form that authenticators write (CTAP 2.1 section 8, canonical:
 * lengths are definite, keys are numbers or texts and come once).
 *
 * @returns the value, and where it ends
 * @throws WebAuthnRefusal for anything else
 */
export function readCbor(bytes: Buffer, start = 0): { value: CborValue; end: number } {
  const reader = new CborReader(bytes, start);
  return { value: reader.read(0), end: reader.position };
}

class CborReader {
  constructor(
    private readonly bytes: Buffer,
    public position: number,
  ) {}

  read(depth: number): CborValue {
    requireThat(depth <= MAX_DEPTH, 'CBOR is nested too deeply');
    const first = this.take(1).readUInt8();
    const type = first >> 5;
    const argument = this.argument(first & 0x1f);
    switch (type) {
      case TYPES.unsigned:
        return argument;
      case TYPES.negative:
        return -1 - argument;
      case TYPES.bytes:
        return this.take(argument);
      case TYPES.text:
        return this.take(argument).toString('utf8');
      case TYPES.array:
        return this.items(argument, () => this.read(depth + 1));
      case TYPES.map:
        return this.map(argument, depth);
      default:
        return simple(type, argument);
    }
  }

  private map(size: number, depth: number): Map<number | string, CborValue> {
    const map = new Map<number | string, CborValue>();
    this.items(size, () => {
      const key = this.read(depth + 1);
      requireThat(typeof key === 'number' || typeof key === 'string', 'a key of CBOR is of no use');
      requireThat(!map.has(key), 'a key of CBOR comes twice');
      map.set(key, this.read(depth + 1));
    });
    return map;
  }

  private items<T>(size: number, next: () => T): T[] {
    requireThat(size <= MAX_ITEMS, 'CBOR has too many items');
    return Array.from({ length: size }, next);
  }

  private argument(information: number): number {
    if (information < 24) return information;
    if (information === 24) return this.take(1).readUInt8();
    if (information === 25) return this.take(2).readUInt16BE();
    if (information === 26) return this.take(4).readUInt32BE();
    throw new WebAuthnRefusal('CBOR has a length of no definite or reasonable size');
  }

  private take(length: number): Buffer {
    const end = this.position + length;
    requireThat(end <= this.bytes.length, 'CBOR ends too early');
    const taken = this.bytes.subarray(this.position, end);
    this.position = end;
    return taken;
  }
}

function simple(type: number, argument: number): boolean | null {
  const value = type === TYPES.simple ? SIMPLE[argument] : undefined;
  requireThat(value !== undefined, 'CBOR has a value of an unknown type');
  return value;
}
