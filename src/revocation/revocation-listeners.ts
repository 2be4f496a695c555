import { Injectable } from '@nestjs/common';
import type { Revocation } from './revocation.js';
import type { RevocationEntry } from './revocation-entry.js';

/** Tells parts of this process of revocations that it had not heard of, wherever they came from. */
@Injectable()
export class RevocationListeners {
  private readonly byKind = new Map<Revocation['kind'], (() => void)[]>();

  /** @param listener called once for any number of news; never throws */
  on(kind: Revocation['kind'], listener: () => void): void {
    this.byKind.set(kind, [...(this.byKind.get(kind) ?? []), listener]);
  }

  tell(news: readonly RevocationEntry[]): void {
    if (this.byKind.size === 0) return;
    const kinds = new Set(news.map(({ revocation }) => revocation.kind));
    for (const kind of kinds) for (const listener of this.byKind.get(kind) ?? []) listener();
  }
}
