import type { Anomaly } from './anomaly.js';
import type { RecordedEvent } from './recorded-event.js';

/** What listeners hear of an event, once it is committed. */
export interface AnnouncedEvent extends RecordedEvent {
  readonly anomalies: readonly Anomaly[];
}
