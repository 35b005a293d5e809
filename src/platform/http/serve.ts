import type { NestFastifyApplication } from '@nestjs/platform-fastify';

/**
 * Starts listening. If that fails, it closes the app, because its modules are already running, with connections and timers.
 * @throws the error of `listen`
 */
export async function serve(app: NestFastifyApplication, port: number, host: string): Promise<void> {
  try {
    await app.listen(port, host);
  } catch (error) {
    await app.close().catch(() => undefined); // the first error is the cause
    throw error;
  }
}
