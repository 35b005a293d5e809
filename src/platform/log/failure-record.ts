/** The loggable part of an error. */
export interface FailureRecord {
  name: string;
  message?: string;
  stack?: string;
  /** SQLSTATE of a database error. */
  sqlState?: string;
  table?: string;
  constraint?: string;
  cause?: FailureRecord;
}

const MAX_CAUSES = 3;

/**
 * Reduces an error to what may be logged. Database errors contain the statement and its parameters, and parser errors quote
 * their input, so only names, codes and stack frames of these are kept.
 */
export function failureRecord(error: unknown, causes = MAX_CAUSES): FailureRecord {
  if (!(error instanceof Error)) return { name: `not an Error but ${typeof error}` };
  const told = isDriverError(error) || error instanceof SyntaxError ? silent(error) : outspoken(error);
  return error.cause instanceof Error && causes > 0 ? { ...told, cause: failureRecord(error.cause, causes - 1) } : told;
}

function outspoken(error: Error): FailureRecord {
  return { name: error.name, message: error.message, stack: frames(error) };
}

function silent(error: Error): FailureRecord {
  const driver: object = 'driverError' in error && error.driverError instanceof Error ? error.driverError : error;
  const sqlState = text(driver, 'code');
  const table = text(driver, 'table');
  const constraint = text(driver, 'constraint');
  return {
    name: error.name,
    ...(sqlState !== undefined && { sqlState }),
    ...(table !== undefined && { table }),
    ...(constraint !== undefined && { constraint }),
    stack: frames(error),
  };
}

function isDriverError(error: Error): boolean {
  return ['driverError', 'parameters', 'severity', 'query'].some((property) => property in error);
}

/** The frames only, because a stack starts with the message, which may have several lines. */
function frames({ stack = '' }: Error): string {
  return stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .join('\n');
}

function text(source: object, property: string): string | undefined {
  const value: unknown = Reflect.get(source, property);
  return typeof value === 'string' ? value : undefined;
}
