/** The embedded PostgreSQL cannot run here. The message tells the operator what is wrong and what to do. */
export class EmbeddedPostgresUnavailable extends Error {
  constructor(whatIsWrong: string, whatToDo = 'Set DATABASE_URL to use your own PostgreSQL.') {
    super(`The embedded PostgreSQL cannot start: ${whatIsWrong} ${whatToDo}`);
    this.name = 'EmbeddedPostgresUnavailable';
  }
}
