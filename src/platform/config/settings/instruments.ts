import { ratio } from '../formats.js';
import { baseUrl } from '../mail-formats.js';
import { anyText, oneOf, text, wholeNumber } from '../setting.js';

/** What can be seen of the service: its log, metrics and traces. */
export const INSTRUMENT_SETTINGS = {
  LOG_LEVEL: oneOf(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
    default: 'info',
    about: 'The least serious log line that is written.',
  }),
  METRICS_PORT: wholeNumber(0, 65535, {
    defaultNote: 'none: no metrics are served',
    about: 'The port of `GET /metrics`, for Prometheus; 0 takes a free one.',
  }),
  METRICS_HOST: text('an address to listen on', anyText, {
    default: '127.0.0.1',
    about: 'The address to listen on for metrics; `0.0.0.0` in the image. Keep the port from the internet.',
  }),
  OTEL_EXPORTER_OTLP_ENDPOINT: text('an http(s) URL', baseUrl, {
    defaultNote: 'none: no traces are made',
    about: 'A collector of OpenTelemetry traces, by OTLP over HTTP; they go to `/v1/traces` there.',
  }),
  OTEL_SERVICE_NAME: text('any text', anyText, {
    default: 'auth-service',
    about: 'What the service is called in traces.',
  }),
  OTEL_TRACES_SAMPLER_ARG: text('a number from 0 to 1', ratio, {
    default: '1',
    about: 'Which part of the traces that begin here is collected; those that callers began keep what they decided.',
  }),
} as const;
