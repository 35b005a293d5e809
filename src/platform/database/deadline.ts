import { databaseMillisLeft } from '../request-context.js';

/**
 * Waits no longer than the deadline of the request under way; outside any request without end.
 * @param tooLate is called at the deadline: nobody waits for it any more
 * @throws what the driver itself throws when nothing came in time
 */
export function beforeDeadline<T>(coming: Promise<T>, tooLate: () => void): Promise<T> {
  const millis = databaseMillisLeft();
  if (millis === Infinity) return coming;
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new Error('timeout exceeded when trying to connect'));
      tooLate();
    }, millis);
    coming.then(
      (value) => {
        clearTimeout(timer);
        resolve(value);
      },
      (error: Error) => {
        clearTimeout(timer);
        reject(error);
      },
    );
  });
}
