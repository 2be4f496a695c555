import { eventually } from './eventually.js';

type Call = (...parameters: unknown[]) => unknown;

/** What a test closes before something that is to wait, and opens for it. */
export class Barrier {
  private lift = (): void => undefined;
  private reached = 0;
  /** Resolves once the barrier is open. */
  opened: Promise<void> = Promise.resolve();

  /**
   * Holds every call of the method from now on, until the barrier is opened: so that requests which would
   * arrive one after the other meet there. `app.nest.get(CompleteSignIn, { strict: false })` is such an object.
   */
  static before<T extends object>(object: T, method: keyof T & string): Barrier {
    const barrier = new Barrier();
    const call = object[method] as Call;
    barrier.close();
    const held: Call = async (...parameters) => {
      barrier.reached += 1;
      await barrier.opened;
      return call.apply(object, parameters);
    };
    Object.assign(object, { [method]: held });
    void barrier.opened.then(() => Object.assign(object, { [method]: call }));
    return barrier;
  }

  close(): void {
    this.opened = new Promise((resolve) => {
      this.lift = resolve;
    });
  }

  open(): void {
    this.lift();
  }

  /** Resolves once so many calls are held: of `Barrier.before`. */
  async reachedBy(number: number): Promise<void> {
    await eventually(
      () => {
        if (this.reached < number)
          throw new Error(`${this.reached} of ${number} have come so far.`);
      },
      { within: 20 },
    );
  }
}
