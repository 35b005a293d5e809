import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { once } from 'node:events';

/** Stands between the service and its database, and can be shut or frozen while both live on. */
export interface Gate {
  /** The database's URL through the gate. */
  url: string;
  /** How many connections are open through it. */
  readonly connections: number;
  /** Resolves when every connection that is open at the call has ended. */
  drained(): Promise<unknown>;
  /** How many it has refused so far. */
  readonly refused: number;
  /** Cuts what is open and refuses what comes. */
  shut(): void;
  /** Keeps what is open but lets no more bytes through. */
  freeze(): void;
  open(): void;
  /** Leads what comes from now on elsewhere, as a balancer does. */
  leadTo(url: string): void;
  stop(): Promise<void>;
}

export async function openGate(databaseUrl: string): Promise<Gate> {
  let target = new URL(databaseUrl);
  const pairs = new Map<Socket, Socket>();
  let state: 'open' | 'shut' | 'frozen' = 'open';
  let refused = 0;
  const server = createServer((inside) => {
    if (state === 'shut') {
      refused += 1;
      return inside.destroy();
    }
    const outside = connect(Number(target.port || 5432), target.hostname);
    pairs.set(inside, outside);
    const end = (): void => {
      pairs.delete(inside);
      inside.destroy();
      outside.destroy();
    };
    for (const [from, to] of [
      [inside, outside],
      [outside, inside],
    ] as const) {
      from.on('data', (bytes) => to.write(bytes));
      from.on('error', end).on('close', end);
      if (state === 'frozen') from.pause();
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(databaseUrl);
  url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const each = (act: (socket: Socket) => void): void =>
    pairs.forEach((outside, inside) => [inside, outside].forEach(act));
  return {
    url: url.href,
    get connections() {
      return pairs.size;
    },
    drained: () => Promise.all([...pairs.keys()].map((inside) => once(inside, 'close'))),
    get refused() {
      return refused;
    },
    shut() {
      state = 'shut';
      each((socket) => socket.destroy());
    },
    freeze() {
      state = 'frozen';
      each((socket) => socket.pause());
    },
    open() {
      state = 'open';
      each((socket) => socket.resume());
    },
    leadTo(url) {
      target = new URL(url);
    },
    stop: async () => {
      each((socket) => socket.destroy());
      server.close();
      await once(server, 'close');
    },
  };
}
