import { databaseMillisLeft } from '../request-context.js';

/**
 * Waits until the deadline of the current request. Outside a request it waits without limit.
 * @param tooLate called at the deadline, when the result is no longer wanted
 * @throws the error of pg's own connection timeout
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
