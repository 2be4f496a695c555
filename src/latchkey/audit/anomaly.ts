/** What about an event is worth an admin's eye. The names are part of the contract: they are filtered by. */
export const ANOMALIES = [
  'refresh_reuse',
  'refresh_elsewhere',
  'new_device',
  'failures_before_success',
] as const;
export type Anomaly = (typeof ANOMALIES)[number];
