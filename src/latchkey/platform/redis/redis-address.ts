const SENTINEL_PORT = 26_379;
const REDIS_PORT = 6_379;
const FORM =
  /^(?<scheme>rediss?)(?<kind>-cluster|\+sentinel)?:\/\/(?:(?<user>[^@/]*)@)?(?<hosts>[^/@]+)(?:\/(?<path>.*))?$/;
/** `redis://a,redis://b` is written as often as `redis://a,b`. */
const REPEATED_SCHEME = /,\s*rediss?:\/\/(?:[^@/,]*@)?/g;

export interface RedisNode {
  readonly host: string;
  readonly port: number;
}

interface SeveralNodes {
  readonly nodes: readonly RedisNode[];
  readonly username?: string;
  readonly password?: string;
  readonly tls: boolean;
}

/** Where Redis is: one server, a Cluster, or a master that Sentinels know. */
export type RedisAddress =
  | { readonly topology: 'single'; readonly url: string }
  | ({ readonly topology: 'cluster' } & SeveralNodes)
  | ({
      readonly topology: 'sentinel';
      readonly masterName: string;
      readonly database: number;
    } & SeveralNodes);

/**
 * Reads the forms of `REDIS_URL`, all of them also with `rediss` for TLS; null for anything else.
 *
 * - `redis://[user:password@]host[:port][/database]`
 * - `redis-cluster://[user:password@]host[:port],…`, or a list of `redis://` addresses
 * - `redis+sentinel://[user:password@]host[:port],…/master-name[/database]`
 */
export function findRedisAddress(url: string): RedisAddress | null {
  const { scheme, kind, user, hosts, path } =
    FORM.exec(url.replaceAll(REPEATED_SCHEME, ','))?.groups ?? {};
  if (scheme === undefined || hosts === undefined) return null;
  if (kind === undefined && !hosts.includes(',')) {
    return URL.canParse(url) ? { topology: 'single', url } : null;
  }
  const sentinel = kind === '+sentinel';
  const nodes = hosts
    .split(',')
    .map((host) => findNode(host.trim(), sentinel ? SENTINEL_PORT : REDIS_PORT));
  if (!nodes.every((node) => node !== null)) return null;
  const several = { nodes, ...credentials(user), tls: scheme === 'rediss' };
  if (!sentinel) return path ? null : { topology: 'cluster', ...several };
  const { masterName, database = '0' } =
    /^(?<masterName>[^/?]+)(?:\/(?<database>\d+))?$/.exec(path ?? '')?.groups ?? {};
  if (masterName === undefined) return null;
  return { topology: 'sentinel', masterName, database: Number(database), ...several };
}

function findNode(text: string, defaultPort: number): RedisNode | null {
  const { host, port } = /^(?<host>\[[^\]]+\]|[^:]+)(?::(?<port>\d+))?$/.exec(text)?.groups ?? {};
  if (host === undefined) return null;
  return { host: host.replace(/^\[|\]$/g, ''), port: Number(port ?? defaultPort) };
}

function credentials(user = ''): { username?: string; password?: string } {
  const [name = '', ...rest] = user.split(':');
  return {
    ...(name !== '' && { username: decodeURIComponent(name) }),
    ...(rest.length > 0 && { password: decodeURIComponent(rest.join(':')) }),
  };
}
