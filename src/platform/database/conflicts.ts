import { databaseMillisLeft } from '../request-context.js';
import { isConflict, isUnbegun } from './trouble.js';

/** After that it is the caller's to come again. A deadlock takes a second to be found out, a request has 3.5 s. */
const MOST_TRIES = 3;
/** With less time than that left nothing is begun again. */
const LEAST_MILLIS = 100;

/**
 * Does again what PostgreSQL has undone because others were in the way (40001, 40P01), which it asks its clients to. At once: of those
 * who met, the others have gone on by then, or are waited for at their locks. And what it has not begun, because it had just ended
 * a connection that was idle for too long (57P05). No other loss of a connection: what became of the work, nobody knows.
 * @param work a whole transaction, or one statement by itself, with no effect outside the database: what is done again is all of it
 * @param onRetry is called before each try but the first
 * @throws what the last try has thrown
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
