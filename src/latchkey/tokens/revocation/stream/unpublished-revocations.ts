import { Injectable } from '@nestjs/common';
import type { RevocationEntry } from '../kinds/revocation.js';

/** Beyond this it is cheaper to publish the whole log again than to remember what is missing. */
const CAPACITY = 20_000;

/**
 * Revocations that the stream in Redis does not hold as far as is known: publishing them failed,
 * or they were found in the log before the stream brought them.
 */
@Injectable()
export class UnpublishedRevocations {
  private entries: RevocationEntry[] = [];
  private overflowed = false;

  get size(): number {
    return this.entries.length;
  }

  get isEmpty(): boolean {
    return this.size === 0 && !this.overflowed;
  }

  /** Whether there were too many to remember which. */
  get incomplete(): boolean {
    return this.overflowed;
  }

  add(entries: readonly RevocationEntry[]): void {
    if (this.overflowed || entries.length === 0) return;
    if (this.entries.length + entries.length <= CAPACITY) {
      this.entries = [...this.entries, ...entries];
      return;
    }
    this.overflowed = true;
    this.entries = [];
  }

  /** Hands over what has been collected; the caller publishes it or adds it again. */
  take(): RevocationEntry[] {
    const taken = this.entries;
    this.entries = [];
    return taken;
  }

  /** The whole log has been published since, or is about to be. */
  clear(): void {
    this.entries = [];
    this.overflowed = false;
  }
}
