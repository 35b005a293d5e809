import type { Metrics } from '../../instruments/metrics.js';
import type { Counter, Histogram } from '../../instruments/series.js';
import type { RequestEntry } from './request-log.js';

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** Counts requests by labels of few values: the pattern of the route, never the URL. */
export class RequestMetrics {
  private readonly durations: Histogram<'method' | 'route' | 'status'>;
  private readonly refusals: Counter<'route' | 'code'>;
  private underWay = 0;

  constructor(metrics: Metrics) {
    this.durations = metrics.histogram(
      'auth_http_request_duration_seconds',
      'Time from receiving the request headers to the end of the response, by status class; aborted: the client disconnected.',
      { method: [], route: [], status: [] },
    );
    this.refusals = metrics.counter('auth_http_refusals_total', 'Refused requests by problem code.', {
      route: [],
      code: [],
    });
    metrics.gauge('auth_http_requests_under_way', 'Requests in progress.', () => this.underWay);
  }

  begun(): void {
    this.underWay += 1;
  }

  ended(entry: RequestEntry): void {
    this.underWay -= 1;
    this.counted(entry);
  }

  /** For input that the parser refused. */
  counted({ method, route, status, durationMs, code }: RequestEntry): void {
    const labels = {
      method: method !== null && METHODS.has(method) ? method : 'other',
      route,
      status: classOf(status),
    };
    this.durations.observe(labels, (durationMs ?? 0) / 1000);
    if (code !== undefined) this.refusals.add({ route, code });
  }
}

function classOf(status: number | null): string {
  return status === null ? 'aborted' : `${Math.floor(status / 100)}xx`;
}
