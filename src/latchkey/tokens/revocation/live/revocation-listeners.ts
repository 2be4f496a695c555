import { Injectable } from '@nestjs/common';
import type { Revocation, RevocationEntry } from '../kinds/revocation.js';

export type RevocationListener = (news: readonly Revocation[]) => void;

/** Tells parts of this process of revocations that it had not heard of, wherever they came from. */
@Injectable()
export class RevocationListeners {
  private readonly byKind = new Map<Revocation['kind'], RevocationListener[]>();

  /** @param listener called once for any number of news of its kind; never throws */
  on(kind: Revocation['kind'], listener: RevocationListener): void {
    this.byKind.set(kind, [...(this.byKind.get(kind) ?? []), listener]);
  }

  tell(news: readonly RevocationEntry[]): void {
    if (this.byKind.size === 0) return;
    for (const [kind, listeners] of this.byKind) {
      const ofKind = news.map(({ revocation }) => revocation).filter((one) => one.kind === kind);
      if (ofKind.length > 0) for (const listener of listeners) listener(ofKind);
    }
  }
}
