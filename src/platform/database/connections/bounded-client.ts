import pg from 'pg';
import { currentSpan, untilEnd } from '../../instruments/tracing.js';
import { databaseMillisLeft } from '../../request-context.js';

/** The limit for a query on the client. The server's own limit is shorter and usually takes effect first. */
const QUERY_MILLIS = 3_000;

/** A query whose `label` names it in traces. Setting `name` instead would make it a prepared statement. */
export type NamedQuery = pg.QueryConfig & { label?: string };

type Query = (config: pg.QueryConfig & { query_timeout: number }) => Promise<pg.QueryResult>;
type Callback = (error: Error | null, result?: pg.QueryResult) => void;

function isReadTimeout(error: unknown): boolean {
  return error instanceof Error && error.message === 'Query read timeout';
}

/**
 * A connection that also limits the time of each query on the client, because a frozen server cannot enforce its own limit.
 * After a timeout the connection is closed, because the answer of the abandoned query may still arrive on it.
 */
export class BoundedClient extends pg.Client {
  constructor(config?: string | pg.ClientConfig) {
    super(config);
    // A lost connection rejects its query and also emits `error`. While no pool listens, that event would end the process.
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

/** For a statement without a name, its first word. The rest may contain data. */
function nameOf({ label, name, text }: NamedQuery): string {
  return label ?? name ?? /^\s*([A-Za-z]+)/.exec(text)?.[1]?.toUpperCase() ?? 'statement';
}
