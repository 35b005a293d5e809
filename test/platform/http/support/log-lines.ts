import { createLogger } from '../../../../src/platform/log/logger.js';
import type { Logger } from 'pino';

/** What a service logs, to be looked at. */
export class LogLines {
  readonly raw: string[] = [];
  readonly logger: Logger = createLogger({
    level: 'debug',
    destination: { write: (line) => void this.raw.push(line) },
  });

  get text(): string {
    return this.raw.join('');
  }

  /** The lines of answered requests; a line is written when the answer is out, which the caller may see a moment earlier. */
  async requests(count: number): Promise<Record<string, unknown>[]> {
    for (;;) {
      const lines = this.raw
        .map((line) => JSON.parse(line) as Record<string, unknown>)
        .filter((e) => e.msg === 'request');
      if (lines.length >= count) return lines;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}
