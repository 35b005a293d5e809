import type { NestFastifyApplication } from '@nestjs/platform-fastify';

/**
 * Begins to listen. Of a start that is refused nothing is left behind: its modules have begun by then, with connections and timers
 * of their own, and nobody else is there to end them.
 * @throws what the start was refused for
 */
export async function serve(app: NestFastifyApplication, port: number, host: string): Promise<void> {
  try {
    await app.listen(port, host);
  } catch (error) {
    await app.close().catch(() => undefined); // why it was refused is worth more than what else went wrong
    throw error;
  }
}
