/** What a test closes before something that is to wait, and opens for it. */
export class Barrier {
  private lift = (): void => undefined;
  /** Resolves once the barrier is open. */
  opened: Promise<void> = Promise.resolve();

  close(): void {
    this.opened = new Promise((resolve) => {
      this.lift = resolve;
    });
  }

  open(): void {
    this.lift();
  }
}
