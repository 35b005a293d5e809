import pg from 'pg';
import { currentSpan, untilEnd } from '../../instruments/tracing.js';
import { databaseMillisLeft } from '../../request-context.js';

/** The longest a query may take as seen from here; the server's own limit is shorter and usually strikes first. */
const QUERY_MILLIS = 3_000;

/** What a trace calls a statement. A name of its own would make the server keep it. */
export type NamedQuery = pg.QueryConfig & { label?: string };

type Query = (config: pg.QueryConfig & { query_timeout: number }) => Promise<pg.QueryResult>;
type Callback = (error: Error | null, result?: pg.QueryResult) => void;

function isReadTimeout(error: unknown): boolean {
  return error instanceof Error && error.message === 'Query read timeout';
}

/**
 * A connection whose every query has a time limit on this side as well, because a frozen server cannot keep its own.
 * After a timeout the answer of the lost query may still come, so the connection is closed and never used again.
 */
export class BoundedClient extends pg.Client {
  constructor(config?: string | pg.ClientConfig) {
    super(config);
    // A connection that is cut under a query fails that query and says so here too, while no pool listens: unheard, it would
    // end the process.
    this.on('error', () => undefined);
    const send: Query = this.query.bind(this);
    const bounded = async (query: NamedQuery): Promise<pg.QueryResult> => {
      try {
        return await send({ ...query, query_timeout: Math.min(QUERY_MILLIS, databaseMillisLeft()) });
      } catch (error) {
        if (isReadTimeout(error)) this.end().catch(() => undefined);
        throw error;
      }
    };
    // The pool and TypeORM use these two forms only: a promise, or a callback as the last argument.
    this.query = ((query: string | NamedQuery, values?: unknown[] | Callback, callback?: Callback) => {
      const config: NamedQuery = typeof query === 'string' ? { text: query } : { ...query };
      if (Array.isArray(values)) config.values = values;
      const done = typeof values === 'function' ? values : callback;
      const span = currentSpan()?.child(nameOf(config), { 'db.system.name': 'postgresql' });
      const result = span ? untilEnd(span, () => bounded(config)) : bounded(config);
      if (!done) return result;
      result.then(
        (rows) => done(null, rows),
        (error: Error) => done(error),
      );
    }) as typeof this.query;
  }
}

/** Of a statement without a name its first word: the rest may hold what it is about. */
function nameOf({ label, name, text }: NamedQuery): string {
  return label ?? name ?? /^\s*([A-Za-z]+)/.exec(text)?.[1]?.toUpperCase() ?? 'statement';
}
