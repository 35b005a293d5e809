import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { Client } from '../http/client.js';
import { until } from '../time/until.js';

const here = path.resolve(import.meta.dirname, '../../..');
/** The service's own limit for a shutdown is 10 s, and it exits with 0 at its end. */
const SHUTDOWN_MILLIS = 15_000;
const started = new Set<Program>();
process.once('exit', () => started.forEach(({ child }) => child.kill('SIGTERM'))); // Jest was interrupted

export interface ProgramOptions {
  /** The folder it is started in; `.data` is made there unless the settings say otherwise. */
  cwd: string;
  settings?: Record<string, string>;
  /** What is started, and with which words; the service itself if not given. */
  entry?: readonly [file: string, ...words: string[]];
  uid?: number;
  gid?: number;
}

/** The service as a process of its own, from source, as `npm start` runs it once built. */
export class Program {
  /** What it has printed so far. */
  output = '';
  private readonly closed: Promise<unknown>;

  private constructor(readonly child: ChildProcess) {
    this.closed = once(child, 'close');
    for (const stream of [child.stdout!, child.stderr!]) {
      stream.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    }
  }

  static start({ cwd, settings = {}, entry = ['src/main.ts'], uid, gid }: ProgramOptions): Program {
    const env = { PATH: process.env.PATH, HOME: cwd, PORT: '0', BCRYPT_COST: '4', ...settings };
    const [file, ...words] = entry;
    const args = [
      '--import',
      path.join(here, 'test/support/typescript/typescript.mjs'),
      path.join(here, file),
      ...words,
    ];
    // Detached: a process group of its own, as the shell gives to what a person starts.
    const program = new Program(spawn(process.execPath, args, { cwd, env, uid, gid, detached: true }));
    started.add(program);
    return program;
  }

  /** @returns the URL that it says it listens on, once it is ready there */
  async ready(): Promise<string> {
    await until(async () => this.hasEnded || this.url(), 60_000);
    const url = this.url();
    if (!url || this.hasEnded) throw new Error(`the service ended with ${this.child.exitCode}:\n${this.output}`);
    const { status } = await new Client(url).get('/health/ready');
    if (status !== 200) throw new Error(`not ready: ${status}`);
    return url;
  }

  /** Waits until it takes no more connections, as it does once it is told to end. */
  async refusesConnections(): Promise<void> {
    const url = this.url();
    await until(async () => {
      const answer = await fetch(`${url}/health/live`).catch(() => null);
      return answer === null || answer.status === 503;
    });
  }

  /** @returns the exit code, or the name of the signal that ended it: SIGKILL when it did not end by itself in time */
  async ended(withinMs = 60_000): Promise<number | NodeJS.Signals | null> {
    const late = setTimeout(() => this.child.kill('SIGKILL'), withinMs);
    await this.closed;
    clearTimeout(late);
    return this.child.exitCode ?? this.child.signalCode;
  }

  kill(signal: NodeJS.Signals): Promise<number | NodeJS.Signals | null> {
    this.child.kill(signal);
    return this.ended(SHUTDOWN_MILLIS);
  }

  /** As Ctrl-C in a terminal: every process of the group gets it. */
  interruptGroup(): void {
    process.kill(-this.child.pid!, 'SIGINT');
  }

  private url(): string | undefined {
    const [, url] = /(?: API +|"listening on )(http:[^\s"]+)/.exec(this.output) ?? [];
    return url?.replace('//localhost:', '//127.0.0.1:'); // where it listens; the other name may lead to another program by IPv6
  }

  private get hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }
}

/** Ends whatever a failed test left running; call it in afterAll. */
export async function endPrograms(): Promise<void> {
  await Promise.all([...started].map((program) => program.kill('SIGTERM')));
  started.clear();
}
