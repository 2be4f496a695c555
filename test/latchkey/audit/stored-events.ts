import type { Stores } from '../../support/stores.js';

/** An audit event as the database holds it. */
export interface StoredEvent {
  readonly action: string;
  readonly outcome: string;
  readonly actor_id: string | null;
  readonly target_id: string | null;
  readonly ip: string;
  readonly user_agent: string | null;
  readonly request_id: string;
  readonly reason: string | null;
  readonly details: Record<string, unknown>;
  readonly anomalies: readonly string[];
}

/** @param action only events of it */
export function storedEvents(stores: Stores, action?: string): Promise<StoredEvent[]> {
  return stores.query<StoredEvent & Record<string, unknown>>(
    'SELECT * FROM audit_events WHERE action = coalesce($1, action) ORDER BY id',
    [action ?? null],
  );
}

/** The events that come to be while something is done. */
export async function eventsDuring(
  stores: Stores,
  act: () => Promise<unknown>,
): Promise<StoredEvent[]> {
  const before = (await storedEvents(stores)).length;
  await act();
  return (await storedEvents(stores)).slice(before);
}
