import { databaseMillisLeft } from '../request-context.js';
import { isConflict, isUnbegun } from './trouble.js';

/**
 * After this many tries the caller has to retry. Detecting a deadlock takes a second, and a request has 3.5 s for the database.
 */
const MOST_TRIES = 3;
/** Work is not tried again with less time than this left. */
const LEAST_MILLIS = 100;

/**
 * Runs work again after a serialization failure or a deadlock (40001, 40P01), as PostgreSQL recommends. It does so at once: the
 * other transactions have made progress by then, or their locks are waited for. It also runs work again that never started
 * because PostgreSQL had just closed an idle connection (57P05). After any other lost connection it does not, because the work
 * may have been committed.
 * @param work a whole transaction, or a single statement, without effects outside the database, because all of it may run again
 * @param onRetry called before each try but the first
 * @throws the error of the last try
 */
export async function throughConflicts<T>(work: () => Promise<T>, onRetry: () => void): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      const isUndone = isConflict(error) || isUnbegun(error);
      if (!isUndone || tries === MOST_TRIES || databaseMillisLeft() < LEAST_MILLIS) throw error;
      onRetry();
    }
  }
}
