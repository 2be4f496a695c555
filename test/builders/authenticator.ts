import {
  createHash,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign as signBytes,
} from 'node:crypto';

type Json = Record<string, unknown>;

export const FLAGS = {
  present: 0x01,
  verified: 0x04,
  eligible: 0x08,
  backedUp: 0x10,
  attested: 0x40,
};
const HEAD = [23, 24, 25] as const;

/** What a test forges of an answer: whatever is absent is right. */
export interface Forgery {
  readonly clientData?: Json;
  readonly rpId?: string;
  readonly flags?: number;
  readonly counter?: number;
  readonly response?: Json;
  readonly credential?: Json;
  readonly attestation?: Map<string, Cbor>;
  readonly publicKey?: Map<number, Cbor>;
  readonly tail?: Buffer;
  readonly signWith?: KeyObject;
}

export type Cbor = number | string | Buffer | Map<number | string, Cbor>;

/** An authenticator of software, with one passkey; it does what a test tells it, right or wrong. */
export class SoftAuthenticator {
  readonly id: Buffer;
  readonly keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  userHandle: string | null = null;

  constructor(
    private readonly rpId: string,
    private readonly origin: string,
    idBytes = 32,
  ) {
    this.id = randomBytes(idBytes);
  }

  /** The answer to `publicKey` of `POST /auth/passkeys/options`. */
  create(publicKey: Json, forgery: Forgery = {}): Json {
    const { user, challenge } = publicKey as { user: { id: string }; challenge: string };
    this.userHandle = user.id;
    const clientData = this.clientData('webauthn.create', challenge, forgery);
    const { x, y } = this.keys.publicKey.export({ format: 'jwk' });
    const cose =
      forgery.publicKey ??
      new Map<number, Cbor>([
        [1, 2],
        [3, -7],
        [-1, 1],
        [-2, Buffer.from(x ?? '', 'base64url')],
        [-3, Buffer.from(y ?? '', 'base64url')],
      ]);
    const idLength = Buffer.alloc(2);
    idLength.writeUInt16BE(this.id.length);
    const { present, verified, attested } = FLAGS;
    const data = Buffer.concat([
      this.header(forgery, present | verified | attested),
      Buffer.alloc(16),
      idLength,
      this.id,
      encode(cose),
      forgery.tail ?? Buffer.alloc(0),
    ]);
    const attestation =
      forgery.attestation ??
      new Map<string, Cbor>([
        ['fmt', 'none'],
        ['attStmt', new Map()],
      ]);
    return this.answer(forgery, {
      clientDataJSON: clientData.toString('base64url'),
      attestationObject: encode(
        new Map<string, Cbor>([...attestation, ['authData', data]]),
      ).toString('base64url'),
      transports: ['internal'],
    });
  }

  /** The answer to `publicKey` of `POST /auth/passkeys/sign-in/options`. */
  get(publicKey: Json, forgery: Forgery = {}): Json {
    const { challenge } = publicKey as { challenge: string };
    const clientData = this.clientData('webauthn.get', challenge, forgery);
    const { present, verified } = FLAGS;
    const data = Buffer.concat([
      this.header(forgery, present | verified),
      forgery.tail ?? Buffer.alloc(0),
    ]);
    const signed = Buffer.concat([data, createHash('sha256').update(clientData).digest()]);
    const key = forgery.signWith ?? this.keys.privateKey;
    return this.answer(forgery, {
      clientDataJSON: clientData.toString('base64url'),
      authenticatorData: data.toString('base64url'),
      signature: signBytes('sha256', signed, key).toString('base64url'),
      userHandle: this.userHandle,
    });
  }

  private clientData(type: string, challenge: string, { clientData }: Forgery): Buffer {
    const { origin } = this;
    return Buffer.from(
      JSON.stringify({ type, challenge, origin, crossOrigin: false, ...clientData }),
    );
  }

  private header({ rpId = this.rpId, flags, counter = 0 }: Forgery, right: number): Buffer {
    const count = Buffer.alloc(4);
    count.writeUInt32BE(counter);
    const hash = createHash('sha256').update(rpId).digest();
    return Buffer.concat([hash, Buffer.from([flags ?? right]), count]);
  }

  private answer({ response, credential }: Forgery, right: Json): Json {
    const id = this.id.toString('base64url');
    return {
      id,
      rawId: id,
      type: 'public-key',
      clientExtensionResults: {},
      response: { ...right, ...response },
      ...credential,
    };
  }
}

/** Canonical CBOR (RFC 8949) of the few types that WebAuthn takes. */
export function encode(value: Cbor): Buffer {
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value);
  if (typeof value === 'string')
    return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (Buffer.isBuffer(value)) return Buffer.concat([head(2, value.length), value]);
  const entries = [...value].flatMap(([key, item]) => [encode(key), encode(item)]);
  return Buffer.concat([head(5, value.size), ...entries]);
}

function head(type: number, argument: number): Buffer {
  const [longest, one, two] = HEAD;
  if (argument <= longest) return Buffer.from([(type << 5) | argument]);
  if (argument < 256) return Buffer.from([(type << 5) | one, argument]);
  return Buffer.from([(type << 5) | two, argument >> 8, argument & 0xff]);
}
