import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import http, { type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

interface Published {
  readonly manifest: { readonly name: string; readonly version: string };
  readonly tarball: Buffer;
}

/**
 * A registry of npm packages on this machine: it takes what is published to it, and has every package
 * that this clone has installed, so that an installation needs no network.
 */
export class PackageRegistry {
  private readonly published = new Map<string, Published>();
  private readonly server = http.createServer((request, response) => {
    this.answer(request).then(
      (body) => response.writeHead(body === undefined ? 404 : 200).end(body),
      (error) => response.writeHead(500).end(String(error)),
    );
  });

  private constructor(private readonly cache: string) {}

  static async start(): Promise<PackageRegistry> {
    const registry = new PackageRegistry(await mkdtemp(join(tmpdir(), 'latchkey-npm-')));
    await once(registry.server.listen(0, '127.0.0.1'), 'listening');
    return registry;
  }

  /** Runs npm in a folder, with this registry and no other. */
  async npm(folder: string, ...args: string[]): Promise<string> {
    const { host } = new URL(this.origin);
    const { PATH, HOME } = process.env;
    const settings = {
      npm_config_registry: this.origin,
      npm_config_cache: this.cache,
      npm_config_userconfig: join(this.cache, 'none'),
      npm_config_audit: 'false',
      npm_config_fund: 'false',
      npm_config_update_notifier: 'false',
    };
    const token = `--//${host}/:_authToken=any`;
    const env = { PATH, HOME, ...settings };
    return (await run('npm', [...args, token], { cwd: folder, env })).stdout;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await rm(this.cache, { recursive: true, force: true, maxRetries: 20 });
  }

  private get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`;
  }

  private async answer(request: IncomingMessage): Promise<string | Buffer | undefined> {
    const path = decodeURIComponent(request.url ?? '/').slice(1);
    if (request.method === 'PUT') return this.publish(await bodyOf(request));
    const [name = '', tarball] = path.split('/-/');
    const found = this.published.get(name) ?? (await this.takeInstalled(name));
    if (found === undefined) return undefined;
    return tarball === undefined ? JSON.stringify(this.describe(found)) : found.tarball;
  }

  private publish(body: string): string {
    const { name, versions, _attachments } = JSON.parse(body);
    const [manifest] = Object.values<Published['manifest']>(versions);
    const [attached] = Object.values<{ data: string }>(_attachments);
    if (manifest === undefined || attached === undefined) throw new Error('Nothing is published.');
    this.published.set(name, { manifest, tarball: Buffer.from(attached.data, 'base64') });
    return '{}';
  }

  private async takeInstalled(name: string): Promise<Published | undefined> {
    const folder = resolve('node_modules', name);
    const text = await readFile(join(folder, 'package.json'), 'utf8').catch(() => undefined);
    if (text === undefined) return undefined;
    // In a tarball of npm all is below `package`.
    const above = await mkdtemp(join(this.cache, 'pack-'));
    await symlink(folder, join(above, 'package'));
    const pack = run('tar', ['-czhf', '-', '-C', above, '--exclude=node_modules', 'package'], {
      encoding: 'buffer',
      maxBuffer: 64 * 1024 * 1024,
    });
    const installed = { manifest: JSON.parse(text), tarball: (await pack).stdout };
    this.published.set(name, installed);
    return installed;
  }

  private describe({ manifest, tarball }: Published) {
    const { name, version } = manifest;
    const integrity = `sha512-${createHash('sha512').update(tarball).digest('base64')}`;
    const dist = { tarball: `${this.origin}${name}/-/${version}.tgz`, integrity };
    return {
      name,
      'dist-tags': { latest: version },
      versions: { [version]: { ...manifest, dist } },
    };
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
