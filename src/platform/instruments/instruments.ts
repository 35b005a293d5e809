import type { Logger } from 'pino';
import { Metrics } from './metrics.js';
import type { TracingSettings } from './open-telemetry.js';
import { NO_TRACING, type Tracing } from './tracing.js';

/** Metrics and tracing of the service. */
export interface Instruments {
  readonly metrics: Metrics;
  readonly tracing: Tracing;
}

/** Instruments without tracing. */
export function plainInstruments(): Instruments {
  return { metrics: new Metrics(), tracing: NO_TRACING };
}

/** @param traces the collector; undefined: no tracing, and its libraries are not loaded */
export async function createInstruments(traces: TracingSettings | undefined, logger: Logger): Promise<Instruments> {
  if (!traces) return plainInstruments();
  const { collectTraces } = await import('./open-telemetry.js');
  return { metrics: new Metrics(), tracing: collectTraces(traces, logger) };
}
