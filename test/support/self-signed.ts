import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';

/** Both in PEM. */
export interface SelfSigned {
  readonly cert: string;
  readonly key: string;
}

const HOUR_MILLISECONDS = 3_600_000;

/** A certificate of a new key (RFC 5280) that is good for an hour, for the server of this machine. */
export function selfSigned(name = 'localhost'): SelfSigned {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const ecdsaWithSha256 = der(0x30, oid('2a8648ce3d040302'));
  const commonName = der(0x30, oid('550403'), der(0x0c, Buffer.from(name)));
  const subject = der(0x30, der(0x31, commonName));
  const names = der(0x30, der(0x82, Buffer.from(name)), der(0x87, Buffer.from([127, 0, 0, 1])));
  const alternativeNames = der(0x30, oid('551d11'), der(0x04, names));
  const serial = Buffer.concat([Buffer.from([1]), randomBytes(8)]);
  const certified = der(
    0x30,
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, serial),
    ecdsaWithSha256,
    subject,
    der(0x30, time(Date.now() - HOUR_MILLISECONDS), time(Date.now() + HOUR_MILLISECONDS)),
    subject,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, der(0x30, alternativeNames)),
  );
  const signature = Buffer.concat([Buffer.from([0]), sign('sha256', certified, privateKey)]);
  const bytes = der(0x30, certified, ecdsaWithSha256, der(0x03, signature));
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
  return {
    cert: ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n'),
    key: String(privateKey.export({ type: 'pkcs8', format: 'pem' })),
  };
}

/** One element of DER (X.690 section 8.1). */
function der(tag: number, ...contents: Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  const { length } = content;
  const size =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

function oid(hex: string): Buffer {
  return der(0x06, Buffer.from(hex, 'hex'));
}

function time(milliseconds: number): Buffer {
  const text = new Date(milliseconds).toISOString().replace(/^20|[-:T]|\.\d+/g, '');
  return der(0x17, Buffer.from(text));
}
