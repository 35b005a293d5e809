import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import type { Metrics } from './metrics.js';

const NANOSECONDS = 1e9;
const MICROSECONDS = 1e6;
/** The sampling interval of the event loop, in milliseconds. It is subtracted from each measured delay. */
const RESOLUTION_MILLIS = 10;

/** Process metrics, under the usual names of Node dashboards. @returns a function that stops measuring */
export function measureProcess(metrics: Metrics): () => void {
  const begun = performance.timeOrigin / 1000;
  metrics.gauge(
    'process_start_time_seconds',
    'Start time of the process, in seconds since the Unix epoch.',
    () => begun,
  );
  metrics.reading('process_cpu_seconds_total', 'counter', 'Total user and system CPU time, in seconds.', cpuSeconds);
  metrics.gauge('process_resident_memory_bytes', 'Resident memory, in bytes.', () => process.memoryUsage.rss());
  metrics.gauge('nodejs_heap_size_used_bytes', 'Used heap, in bytes.', () => process.memoryUsage().heapUsed);
  metrics.gauge(
    'nodejs_external_memory_bytes',
    'Memory outside the heap, such as buffers, in bytes.',
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
  metrics.gauge('nodejs_eventloop_lag_p50_seconds', 'Median event loop lag since the last scrape, in seconds.', () =>
    seconds(delay.percentile(50)),
  );
  metrics.gauge(
    'nodejs_eventloop_lag_p99_seconds',
    'The 99th percentile of the event loop lag since the last scrape, in seconds.',
    () => seconds(delay.percentile(99)),
  );
  // Registered last, so that it is read after the others and can reset the histogram.
  metrics.gauge('nodejs_eventloop_lag_max_seconds', 'Maximum event loop lag since the last scrape, in seconds.', () => {
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
    'Fraction of the time since the last scrape that the event loop was busy.',
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
