import { ExportResultCode } from '@opentelemetry/core';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';
import type { Logger } from 'pino';

type Export = SpanExporter['export'];

/** Logs when spans cannot be sent and when they can be sent again, not each failed attempt. Spans that fail are lost. */
export class ToldExporter implements SpanExporter {
  private away = false;

  constructor(
    private readonly exporter: SpanExporter,
    private readonly logger: Logger,
  ) {}

  export(spans: ReadableSpan[], done: Parameters<Export>[1]): void {
    this.exporter.export(spans, (result) => {
      this.tell(result.code !== ExportResultCode.SUCCESS, result.error);
      done(result);
    });
  }

  async shutdown(): Promise<void> {
    await this.exporter.shutdown();
  }

  async forceFlush(): Promise<void> {
    await this.exporter.forceFlush?.();
  }

  private tell(failed: boolean, error: Error | undefined): void {
    if (failed && !this.away) this.logger.warn({ event: 'traces_not_sent', reason: reasonOf(error) }, 'event');
    if (!failed && this.away) this.logger.info({ event: 'traces_sent_again' }, 'event');
    this.away = failed;
  }
}

/** The name and code only, because the message may contain the collector's response. */
function reasonOf(error: Error | undefined): string {
  const code: unknown = error && 'code' in error ? error.code : undefined;
  return [error?.name, typeof code === 'string' || typeof code === 'number' ? code : undefined]
    .filter(Boolean)
    .join(' ');
}
