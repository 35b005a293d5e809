import type { DestinationStream } from 'pino';

const LEFT_OUT = new Set(['time', 'level', 'msg']);

/** Turns pino's JSON lines into `12:03:01 info message {"more":1}`. Values keep JSON's escapes. */
export function plainLines(destination: DestinationStream): DestinationStream {
  return { write: (line) => destination.write(plainLine(JSON.parse(line) as Record<string, unknown>)) };
}

function plainLine(entry: Record<string, unknown>): string {
  const rest = Object.fromEntries(Object.entries(entry).filter(([name]) => !LEFT_OUT.has(name)));
  const time = String(entry.time).slice(11, 19);
  const more = Object.keys(rest).length > 0 ? ` ${JSON.stringify(rest)}` : '';
  return `${time} ${String(entry.level)} ${escaped(String(entry.msg))}${more}\n`;
}

/** Escapes newlines and control characters, so that a message cannot start a new line or send terminal escape sequences. */
function escaped(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
