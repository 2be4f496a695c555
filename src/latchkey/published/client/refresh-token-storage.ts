/** Where a client with body delivery keeps its refresh token: a keychain, a file, a database. */
export interface RefreshTokenStorage {
  /** The token that was set last; null when there is none. Asked before every refresh. */
  get(): string | null | Promise<string | null>;
  /** Null when the session has ended. */
  set(refreshToken: string | null): void | Promise<void>;
}

export function memoryStorage(): RefreshTokenStorage {
  let kept: string | null = null;
  return {
    get: () => kept,
    set: (refreshToken) => {
      kept = refreshToken;
    },
  };
}
