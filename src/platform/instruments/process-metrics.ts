import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import type { Metrics } from './metrics.js';

const NANOSECONDS = 1e9;
const MICROSECONDS = 1e6;
/** How closely the event loop is watched, in milliseconds; a delay is told less this. */
const RESOLUTION_MILLIS = 10;

/** What is known of the process itself, under the names that dashboards for Node know. @returns what ends the watching */
export function measureProcess(metrics: Metrics): () => void {
  const begun = performance.timeOrigin / 1000;
  metrics.gauge('process_start_time_seconds', 'When the process began, in seconds since 1970.', () => begun);
  metrics.reading('process_cpu_seconds_total', 'counter', 'Time the process has computed.', cpuSeconds);
  metrics.gauge('process_resident_memory_bytes', 'Resident memory.', () => process.memoryUsage.rss());
  metrics.gauge('nodejs_heap_size_used_bytes', 'Heap in use.', () => process.memoryUsage().heapUsed);
  metrics.gauge(
    'nodejs_external_memory_bytes',
    'Memory of buffers and the like.',
    () => process.memoryUsage().external,
  );
  measureUtilization(metrics);
  return watchEventLoop(metrics);
}

function watchEventLoop(metrics: Metrics): () => void {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MILLIS });
  delay.enable();
  const seconds = (nanoseconds: number): number =>
    Math.max(0, nanoseconds / NANOSECONDS - RESOLUTION_MILLIS / 1000) || 0;
  metrics.gauge('nodejs_eventloop_lag_p50_seconds', 'How late the event loop is: the median since the last look.', () =>
    seconds(delay.percentile(50)),
  );
  metrics.gauge('nodejs_eventloop_lag_p99_seconds', 'The 99th percentile of the same.', () =>
    seconds(delay.percentile(99)),
  );
  // Read last, and with it the look ends.
  metrics.gauge('nodejs_eventloop_lag_max_seconds', 'The longest of the same.', () => {
    const longest = seconds(delay.max);
    delay.reset();
    return longest;
  });
  return () => void delay.disable();
}

function measureUtilization(metrics: Metrics): void {
  let before = performance.eventLoopUtilization();
  metrics.gauge(
    'nodejs_eventloop_utilization',
    'Part of the time since the last look that the event loop was busy.',
    () => {
      const now = performance.eventLoopUtilization();
      const { utilization } = performance.eventLoopUtilization(now, before);
      before = now;
      return utilization;
    },
  );
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / MICROSECONDS;
}
