import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, type Metric, Registry } from 'prom-client';

/** Gauges with the name of a counter. `nodejs_active_resources`, and its like, tell the same by kind. */
const MISNAMED = [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
];

let ofProcess: Registry | undefined;

/**
 * The metrics of one application, features' own included (`registers: [registry]`): several in one process do not mix. What the process itself takes is
 * observed once, however many there are: nothing ends the watch on its event loop and its collector.
 */
@Injectable()
export class MetricsRegistry extends Registry {
  constructor() {
    super();
    if (ofProcess === undefined) {
      ofProcess = new Registry();
      collectDefaultMetrics({ register: ofProcess });
      for (const name of MISNAMED) ofProcess.removeSingleMetric(name);
    }
    for (const { name } of ofProcess.getMetricsAsArray()) {
      this.registerMetric(ofProcess.getSingleMetric(name) as Metric);
    }
  }
}
