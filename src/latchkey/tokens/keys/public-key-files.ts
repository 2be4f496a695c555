import { createPublicKey } from 'node:crypto';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { JWK } from 'jose';
import { KID } from './admin/kid.pipe.js';

const SUFFIX = '.pem';

/** What has been done, by the kid. */
export interface PublicKeyFiles {
  readonly written: readonly string[];
  readonly removed: readonly string[];
}

/**
 * Makes the directory hold these keys as `<kid>.pem` (SPKI) and no others. It is made if it is
 * missing. Each file is replaced atomically: a concurrent reader sees the former one or the new
 * one. A file that is not named like a key's is left alone.
 */
export async function writePublicKeyFiles(
  directory: string,
  keys: readonly JWK[],
): Promise<PublicKeyFiles> {
  await mkdir(directory, { recursive: true });
  const pemByKid = new Map(keys.map((jwk) => [String(jwk.kid), toPem(jwk)]));
  // What is new is there before what is old goes.
  for (const [kid, pem] of pemByKid) await replaceFile(join(directory, kid + SUFFIX), pem);
  const removed = (await kidsIn(directory)).filter((kid) => !pemByKid.has(kid));
  for (const kid of removed) await rm(join(directory, kid + SUFFIX));
  return { written: [...pemByKid.keys()], removed };
}

async function replaceFile(path: string, text: string): Promise<void> {
  const unfinished = `${path}.${process.pid}`;
  await writeFile(unfinished, text, { mode: 0o644 });
  await rename(unfinished, path);
}

async function kidsIn(directory: string): Promise<string[]> {
  const names = await readdir(directory);
  return names
    .filter((name) => name.endsWith(SUFFIX))
    .map((name) => name.slice(0, -SUFFIX.length))
    .filter((kid) => KID.test(kid));
}

function toPem(jwk: JWK): string {
  const key = createPublicKey({ key: jwk, format: 'jwk' });
  return key.export({ type: 'spki', format: 'pem' }).toString();
}
