import type { Logger } from 'pino';
import { Metrics } from './metrics.js';
import type { TracingSettings } from './open-telemetry.js';
import { NO_TRACING, type Tracing } from './tracing.js';

/** By what a service is seen while it runs, beside its log. */
export interface Instruments {
  readonly metrics: Metrics;
  readonly tracing: Tracing;
}

/** Where nobody collects traces. */
export function plainInstruments(): Instruments {
  return { metrics: new Metrics(), tracing: NO_TRACING };
}

/** @param traces where they are collected; undefined: nowhere, and nothing is loaded for it */
export async function createInstruments(traces: TracingSettings | undefined, logger: Logger): Promise<Instruments> {
  if (!traces) return plainInstruments();
  const { collectTraces } = await import('./open-telemetry.js');
  return { metrics: new Metrics(), tracing: collectTraces(traces, logger) };
}
