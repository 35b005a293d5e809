import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { until } from '../time/until.js';

/** A program in a process of its own, which answers over HTTP. */
export interface Running {
  url: string;
  /** As pulling the plug would. */
  kill(): Promise<void>;
}

const children = new Set<ChildProcess>();
process.once('exit', () => children.forEach((child) => child.kill('SIGKILL')));

/** Starts `node file` and waits until it answers at `ready`. */
export async function startProcess(
  file: string,
  port: number,
  ready: string,
  settings: Record<string, string>,
): Promise<Running> {
  const env = { PATH: process.env.PATH, PORT: String(port), ...settings };
  const child = spawn(process.execPath, [file], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  children.add(child);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const url = `http://127.0.0.1:${port}`;
  await until(async () => {
    if (child.exitCode !== null) throw new Error(said);
    return (await fetch(url + ready)).ok;
  }, 20_000).catch(() => {
    throw new Error(`${file} does not answer: ${said}`);
  });
  return {
    url,
    kill: async () => {
      children.delete(child);
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

/** One that is free now; another program could take it before it is used. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}
