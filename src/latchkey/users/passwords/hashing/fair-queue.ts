import type { Lane } from './password-check.js';

/**
 * A queue of lanes that are served in turn: round robin at every step of their paths, and in each
 * lane first come, first served. A caller that fills one lane lengthens only that one.
 */
export class FairQueue<Item> {
  private readonly items: Item[] = [];
  /** In the order of their turns. */
  private readonly branches = new Map<string, FairQueue<Item>>();
  private count = 0;

  get size(): number {
    return this.count;
  }

  add([step, ...rest]: Lane, item: Item): void {
    this.count += 1;
    if (step === undefined) {
      this.items.push(item);
      return;
    }
    const branch = this.branches.get(step) ?? new FairQueue<Item>();
    this.branches.set(step, branch);
    branch.add(rest, item);
  }

  /** Takes out whose turn it is. */
  takeNext(): Item | undefined {
    if (this.count === 0) return undefined;
    this.count -= 1;
    const [first] = this.branches;
    if (first === undefined) return this.items.shift();
    const [step, branch] = first;
    const item = branch.takeNext();
    this.branches.delete(step);
    if (branch.size > 0) this.branches.set(step, branch);
    return item;
  }

  /** Takes out the newest of the longest lane: at each step of the one in which most are waiting. */
  dropFromLongest(): Item | undefined {
    if (this.count === 0) return undefined;
    this.count -= 1;
    const longest = this.longestBranch();
    if (longest === undefined) return this.items.pop();
    const [step, branch] = longest;
    const item = branch.dropFromLongest();
    if (branch.size === 0) this.branches.delete(step);
    return item;
  }

  /** Whether it was there. */
  remove([step, ...rest]: Lane, item: Item): boolean {
    const removed = step === undefined ? this.removeItem(item) : this.removeFrom(step, rest, item);
    if (removed) this.count -= 1;
    return removed;
  }

  /** Of several that are as long, the one that has come last. */
  private longestBranch(): [string, FairQueue<Item>] | undefined {
    let longest: [string, FairQueue<Item>] | undefined;
    for (const entry of this.branches) {
      if (longest === undefined || entry[1].size >= longest[1].size) longest = entry;
    }
    return longest;
  }

  private removeFrom(step: string, rest: Lane, item: Item): boolean {
    const branch = this.branches.get(step);
    const removed = branch?.remove(rest, item) ?? false;
    if (branch?.size === 0) this.branches.delete(step);
    return removed;
  }

  private removeItem(item: Item): boolean {
    const index = this.items.indexOf(item);
    if (index >= 0) this.items.splice(index, 1);
    return index >= 0;
  }
}
