import { randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import pg from 'pg';
import { Config } from '../config/config.js';
import { EventLog } from '../log/event-log.js';

const CONNECT_MILLIS = 1_500;
/** A silently lost connection (a firewall that dropped its state, for example) is noticed within the sum of the two. */
const BEAT_MILLIS = 3_000;
const ANSWER_MILLIS = 2_000;
const FIRST_RETRY_MILLIS = 100;
const LAST_RETRY_MILLIS = 1_000;

type Handler = (payload: string) => void;

/**
 * Receives NOTIFY messages of all replicas on one direct connection for all channels. Requests never wait for that connection.
 * Messages sent while it is down are lost, so listeners must also read the state themselves, in `onReconnect` and from time to
 * time.
 */
@Injectable()
export class Notifications implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly handlers = new Map<string, Handler[]>();
  private readonly reconnectHandlers: (() => void)[] = [];
  private readonly stopping = new AbortController();
  private client: pg.Client | undefined;
  private listening = false;
  private failures = 0;
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly config: Config,
    private readonly events: EventLog,
  ) {}

  /** @param handler must not throw; it also gets notifications that this process has sent */
  listen(channel: string, handler: Handler): void {
    const known = this.handlers.get(channel);
    this.handlers.set(channel, [...(known ?? []), handler]);
    // If this fails, the connection is lost, and the next one listens on every channel.
    if (!known && this.listening && this.client) listenOn(this.client, channel).catch(() => undefined);
  }

  /** @param handler must not throw; it is called each time listening starts, including the first */
  onReconnect(handler: () => void): void {
    this.reconnectHandlers.push(handler);
  }

  onApplicationBootstrap(): void {
    this.running = this.keepListening();
  }

  async onModuleDestroy(): Promise<void> {
    this.stopping.abort();
    this.client?.end().catch(() => undefined);
    await this.running;
  }

  private async keepListening(): Promise<void> {
    const { signal } = this.stopping;
    for (;;) {
      await this.listenUntilLost().catch(() => undefined);
      if (signal.aborted) return;
      // Log the loss once, not each attempt to reconnect.
      if (this.failures === 0) this.events.warn('notifications_lost', {});
      await pause(this.nextRetryMillis(), undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  private async listenUntilLost(): Promise<void> {
    this.stopping.signal.throwIfAborted();
    const client = new pg.Client({
      connectionString: this.config.databaseDirectUrl,
      application_name: 'auth-service',
      connectionTimeoutMillis: CONNECT_MILLIS,
      query_timeout: ANSWER_MILLIS,
      keepAlive: true,
    });
    this.client = client;
    const lost = new Promise<void>((resolve) => client.on('error', () => resolve()).once('end', resolve));
    const end = (): void => void client.end().catch(() => undefined);
    client.on('notification', ({ channel, payload = '' }) =>
      this.handlers.get(channel)?.forEach((hear) => hear(payload)),
    );
    const beat = setInterval(() => void client.query('SELECT 1').catch(end), BEAT_MILLIS).unref();
    try {
      await Promise.race([this.begin(client), lost]); // `connect` never settles if the client is ended meanwhile
      await lost;
    } finally {
      this.listening = false;
      clearInterval(beat);
      end();
    }
  }

  private async begin(client: pg.Client): Promise<void> {
    await client.connect();
    for (const channel of this.handlers.keys()) await listenOn(client, channel);
    this.listening = true;
    if (this.failures > 0) this.events.record('notifications_restored', {});
    this.failures = 0;
    this.reconnectHandlers.forEach((lookAgain) => lookAgain());
  }

  /** Exponential backoff with jitter, so that replicas that lost the same database do not reconnect together. */
  private nextRetryMillis(): number {
    const longest = Math.min(FIRST_RETRY_MILLIS * 2 ** this.failures, LAST_RETRY_MILLIS);
    this.failures += 1;
    return randomInt(Math.ceil(longest / 2), longest + 1);
  }
}

async function listenOn(client: pg.Client, channel: string): Promise<void> {
  await client.query(`LISTEN ${client.escapeIdentifier(channel)}`);
}
