import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { Client } from '../../support/http/client.js';
import { freePort } from '../../support/processes/processes.js';
import { until } from '../../support/time/until.js';

const root = path.resolve(import.meta.dirname, '../../..');
/** Several start at once, perhaps on a busy machine. */
const PATIENCE_MILLIS = 40_000;

const running = new Set<ChildProcess>();
process.once('exit', () => running.forEach((child) => child.kill('SIGKILL')));

/** The service as it is built, in a process of its own, which keeps its address when it is started again. */
export class Replica {
  readonly url: string;
  readonly client: Client;
  /** What it has printed so far, in all its lives. */
  output = '';
  private child: ChildProcess | undefined;

  private constructor(
    readonly port: number,
    private readonly settings: Record<string, string>,
  ) {
    this.url = `http://127.0.0.1:${port}`;
    this.client = new Client(this.url);
  }

  /** @returns one that was told to start; `ready` says when it has */
  static async launch(settings: Record<string, string>): Promise<Replica> {
    const replica = new Replica(await freePort(), settings);
    replica.startAgain();
    return replica;
  }

  startAgain(): void {
    const env = { PATH: process.env.PATH, PORT: String(this.port), ...this.settings };
    const child = spawn(process.execPath, ['dist/src/main.js'], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    }
    running.add(child.once('exit', () => running.delete(child)));
    this.child = child;
  }

  async ready(): Promise<void> {
    await until(async () => this.hasEnded || (await this.client.get('/health/ready')).status === 200, PATIENCE_MILLIS);
    if (this.hasEnded) throw new Error(`a replica ended:\n${this.output}`);
  }

  get pid(): number {
    return this.child!.pid!;
  }

  get hasEnded(): boolean {
    return this.child!.exitCode !== null || this.child!.signalCode !== null;
  }

  /** @returns the exit code, or the name of the signal that ended it */
  async kill(signal: NodeJS.Signals): Promise<number | NodeJS.Signals | null> {
    const child = this.child!;
    if (!this.hasEnded) {
      const ended = once(child, 'exit');
      child.kill(signal);
      await ended;
    }
    return child.exitCode ?? child.signalCode;
  }
}
