import type { AddressInfo } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApp } from '../../../../src/platform/http/create-app.js';
import type { HttpSettings } from '../../../../src/platform/http/http-settings.js';
import { LogLines } from './log-lines.js';
import { ToyModule } from './toy.module.js';

const SETTINGS: HttpSettings = {
  issuerUrl: 'http://127.0.0.1',
  trustedProxies: [],
  corsOrigins: [],
  production: false,
};

export const INFO = { title: 'Toy', version: '1.0.0', description: 'A toy.', tags: [] };

/** A service that listens on a free port of this machine. */
export class ToyService {
  private constructor(
    readonly app: NestFastifyApplication,
    readonly log: LogLines,
    readonly port: number,
  ) {}

  static async start(settings: Partial<HttpSettings> = {}): Promise<ToyService> {
    const log = new LogLines();
    const all = { ...SETTINGS, ...settings };
    const app = await createApp(ToyModule, all, log.logger, INFO);
    await app.listen(0, '127.0.0.1');
    return new ToyService(app, log, (app.getHttpServer().address() as AddressInfo).port);
  }

  url(path: string): string {
    return `http://127.0.0.1:${this.port}${path}`;
  }

  fetch(path: string, init?: RequestInit): Promise<Response> {
    return fetch(this.url(path), { redirect: 'manual', ...init });
  }

  post(path: string, body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}): Promise<Response> {
    return this.fetch(path, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });
  }

  async stop(): Promise<void> {
    this.app.getHttpServer().closeAllConnections();
    await this.app.close();
  }
}
