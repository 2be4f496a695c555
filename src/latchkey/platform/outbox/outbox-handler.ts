/** A message as its handler gets it. */
export interface OutboxDelivery {
  /** The same over all tries, and no other message's. */
  readonly id: string;
  readonly recipient: string;
  readonly payload: Readonly<Record<string, unknown>>;
  /** What was put in of a person; null as well once the account has been deleted. */
  readonly personal: Readonly<Record<string, unknown>> | null;
  /** Which try this is, from 1. */
  readonly attempt: number;
  /**
   * Aborted when the time for one try is over, or another worker may have the message. Who goes on for
   * five seconds more is not waited for: the message is tried again, whatever comes of this try.
   */
  readonly signal: AbortSignal;
  /**
   * To be called right before what cannot be taken back, where doing it twice does harm.
   *
   * @throws Error when this worker has been away for so long that another one may have the message
   */
  readonly requireHeld: () => Promise<void>;
}

/**
 * What became of a try. `dropped`: there is nothing left to say. A number of seconds: not before then,
 * which is no failure, and is put off again and again if need be.
 */
export type OutboxOutcome = 'delivered' | 'dropped' | { readonly putOffSeconds: number };

/** Thrown by a handler: no further try would succeed, and the message is a dead letter at once. */
export class Undeliverable extends Error {}

/** Port: delivers messages of one kind. Provide a class that extends it in any module. */
export abstract class OutboxHandler {
  abstract readonly kind: string;
  /** What one try may take, at most. Until it is over nobody else gets the message. */
  readonly tryMilliseconds: number = 25_000;

  /**
   * Delivers a message. What it throws makes another try necessary, after a pause; its text is shown
   * to admins. A process may die between the delivery and its being noted, so that a message is
   * delivered at least once; `id` tells a repetition.
   */
  abstract deliver(message: OutboxDelivery): Promise<OutboxOutcome>;
}
