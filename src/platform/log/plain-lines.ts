import type { DestinationStream } from 'pino';

const LEFT_OUT = new Set(['time', 'level', 'msg']);

/** Turns pino's JSON lines into `12:03:01 info message {"more":1}` for a terminal; values keep JSON's escapes. */
export function plainLines(destination: DestinationStream): DestinationStream {
  return { write: (line) => destination.write(plainLine(JSON.parse(line) as Record<string, unknown>)) };
}

function plainLine(entry: Record<string, unknown>): string {
  const rest = Object.fromEntries(Object.entries(entry).filter(([name]) => !LEFT_OUT.has(name)));
  const time = String(entry.time).slice(11, 19);
  const more = Object.keys(rest).length > 0 ? ` ${JSON.stringify(rest)}` : '';
  return `${time} ${String(entry.level)} ${escaped(String(entry.msg))}${more}\n`;
}

/** JSON's escapes without its quotes, so that a message cannot begin a line or colour the terminal. */
function escaped(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
