import { describe, expect, it } from '@jest/globals';
import { createLogger, type LoggerSettings, NestLogger } from '../../src/platform/log/logger.js';

const FORGED = 'a\r\n{"level":"info"}\u001b[31m';

function logged(settings: Partial<LoggerSettings>, write: (logger: ReturnType<typeof createLogger>) => void): string {
  let text = '';
  write(createLogger({ level: 'info', ...settings, destination: { write: (line) => void (text += line) } }));
  return text;
}

describe('the logger', () => {
  it('writes one JSON object per line, with its level by name and the time in UTC', () => {
    const line = JSON.parse(logged({}, (logger) => logger.info({ a: 1 }, 'hello'))) as object;
    expect(line).toEqual({ level: 'info', time: expect.stringMatching(/Z$/), a: 1, msg: 'hello' });
  });

  it.each([true, false])('lets nothing that is logged begin a line or colour the terminal (pretty: %s)', (pretty) => {
    const text = logged({ pretty }, (logger) => logger.info({ value: FORGED }, FORGED));
    expect(text.indexOf('\n')).toBe(text.length - 1);
    expect(text).not.toContain('\r');
    expect(text).not.toContain('\u001b');
  });

  it('writes plain lines for people', () => {
    expect(logged({ pretty: true }, (logger) => logger.warn({ a: 1 }, 'hello'))).toMatch(
      /^\d\d:\d\d:\d\d warn hello {"a":1}\n$/,
    );
    expect(logged({ pretty: true }, (logger) => logger.warn('hello'))).toMatch(/^\d\d:\d\d:\d\d warn hello\n$/);
  });

  it('keeps to its level', () => {
    expect(logged({ level: 'error' }, (logger) => logger.warn('hello'))).toBe('');
  });
});

describe("Nest's messages", () => {
  it('come with the name of who speaks, and its chatter at debug', () => {
    expect(logged({}, (logger) => new NestLogger(logger).log('Mapped {/x, GET} route', 'Router'))).toBe('');
    const text = logged({}, (logger) => new NestLogger(logger).warn('careful', 'Router'));
    expect(JSON.parse(text)).toMatchObject({ level: 'warn', context: 'Router', msg: 'careful' });
  });

  it('keep the stack of an error', () => {
    const text = logged({}, (logger) => new NestLogger(logger).error('broken', 'Error: broken\n    at x', 'Router'));
    expect(JSON.parse(text)).toMatchObject({
      level: 'error',
      context: 'Router',
      stack: 'Error: broken\n    at x',
      msg: 'broken',
    });
    const alone = logged({}, (logger) => new NestLogger(logger).error(new Error('alone')));
    expect(JSON.parse(alone)).toMatchObject({
      level: 'error',
      msg: 'alone',
      stack: expect.stringContaining('logger.spec'),
    });
  });
});
