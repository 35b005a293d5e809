import { ratio } from '../formats.js';
import { baseUrl } from '../mail-formats.js';
import { anyText, oneOf, text, wholeNumber } from '../setting.js';

/** Settings for logs, metrics and traces. */
export const INSTRUMENT_SETTINGS = {
  LOG_LEVEL: oneOf(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
    default: 'info',
    about: 'The lowest level of messages to log.',
  }),
  METRICS_PORT: wholeNumber(0, 65535, {
    defaultNote: 'none: no metrics are served',
    about: 'The port that serves `GET /metrics` for Prometheus. 0: any free port.',
  }),
  METRICS_HOST: text('an IP address or host name to listen on', anyText, {
    default: '127.0.0.1',
    about: 'The IP address that metrics are served on; `0.0.0.0` in the image. Do not expose the port to the internet.',
  }),
  OTEL_EXPORTER_OTLP_ENDPOINT: text('an http(s) URL', baseUrl, {
    defaultNote: 'none: no traces are recorded',
    about: 'An OpenTelemetry collector for traces (OTLP over HTTP). Traces are sent to `/v1/traces` there.',
  }),
  OTEL_SERVICE_NAME: text('any text', anyText, {
    default: 'auth-service',
    about: 'The name of the service in traces.',
  }),
  OTEL_TRACES_SAMPLER_ARG: text('a number from 0 to 1', ratio, {
    default: '1',
    about: 'The share of new traces to record. Traces started by a caller keep the decision of the caller.',
  }),
} as const;
