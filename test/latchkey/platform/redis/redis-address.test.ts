import { describe, expect, it } from 'vitest';
import { findRedisAddress } from '../../../../src/latchkey/platform/redis/redis-address.js';

describe('REDIS_URL', () => {
  it.each(['redis://localhost', 'redis://user:p%40ss@host:6380/2', 'rediss://[::1]:6379'])(
    'names one server: %s',
    (url) => {
      expect(findRedisAddress(url)).toEqual({ topology: 'single', url });
    },
  );

  it.each([
    'redis-cluster://user:p%40ss@a:7000,b',
    'redis://user:p%40ss@a:7000,b:6379',
    'redis://user:p%40ss@a:7000,redis://user:p%40ss@b:6379',
  ])('names a Cluster: %s', (url) => {
    expect(findRedisAddress(url)).toEqual({
      topology: 'cluster',
      nodes: [
        { host: 'a', port: 7000 },
        { host: 'b', port: 6379 },
      ],
      username: 'user',
      password: 'p@ss',
      tls: false,
    });
  });

  it('names a Cluster by one of its nodes, with TLS', () => {
    expect(findRedisAddress('rediss-cluster://[fe80::1]:7000')).toEqual({
      topology: 'cluster',
      nodes: [{ host: 'fe80::1', port: 7000 }],
      tls: true,
    });
  });

  it.each([
    ['redis+sentinel://:secret@a,b:26380/primary', 0, false],
    ['rediss+sentinel://:secret@a:26379,b:26380/primary/3', 3, true],
  ])('names a master that Sentinels know: %s', (url, database, tls) => {
    expect(findRedisAddress(url)).toEqual({
      topology: 'sentinel',
      masterName: 'primary',
      database,
      nodes: [
        { host: 'a', port: 26_379 },
        { host: 'b', port: 26_380 },
      ],
      password: 'secret',
      tls,
    });
  });

  it.each([
    '',
    'localhost:6379',
    'http://localhost',
    'redis://',
    'redis+sentinel://a:26379',
    'redis+sentinel://a:26379/primary/x',
    'redis-cluster://a:7000/1',
    'redis-cluster://a:port',
  ])('is refused: "%s"', (url) => {
    expect(findRedisAddress(url)).toBeNull();
  });
});
