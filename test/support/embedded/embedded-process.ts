import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';

const here = path.resolve(import.meta.dirname, '../../..');

export interface StarterOptions {
  dataDir: string;
  /** The project to run it from; this one unless given. */
  project?: string;
  uid?: number;
  gid?: number;
  env?: Record<string, string>;
  umask?: number;
  port?: number;
  /** True unless given. */
  unsafeFast?: boolean;
}

/** What the starter says: one JSON object a line. */
export interface Said {
  url?: string;
  clusterDir?: string;
  reused?: boolean;
  error?: string;
  drained?: number;
}

/** A process of its own that starts the embedded PostgreSQL and keeps it until told to stop. */
export class Starter {
  private static readonly all: Starter[] = [];
  private readonly lines: AsyncIterator<string>;
  private constructor(readonly child: ChildProcess) {
    Starter.all.push(this);
    this.lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  }

  static spawn({ project = here, uid, gid, env, ...rest }: StarterOptions): Starter {
    const args = [
      '--import',
      './test/support/typescript/typescript.mjs',
      'test/support/embedded/embedded-starter.ts',
      JSON.stringify(rest),
    ];
    // Detached: a process group of its own, as the shell gives to what a person starts.
    const options = { cwd: project, uid, gid, env: env ?? {}, detached: true };
    return new Starter(spawn(process.execPath, args, { ...options, stdio: ['pipe', 'pipe', 'inherit'] }));
  }

  /** The next thing that it says. */
  async says(): Promise<Said> {
    const { value, done } = await this.lines.next();
    if (done) throw new Error('the starter ended without a word');
    return JSON.parse(value) as Said;
  }

  /** Sends a command and waits until the process has ended. */
  async end(command: 'stop' | 'exit'): Promise<void> {
    this.child.stdin!.end(`${command}\n`);
    await this.ended();
  }

  async kill(signal: NodeJS.Signals): Promise<void> {
    this.child.kill(signal);
    await this.ended();
  }

  /** As Ctrl-C in a terminal: every process of the group gets it. */
  interruptGroup(): void {
    process.kill(-this.child.pid!, 'SIGINT');
  }

  /** Ends those that a failed test left, or Jest would wait for them. */
  static async killAll(): Promise<void> {
    await Promise.all(Starter.all.map((starter) => starter.kill('SIGKILL')));
  }

  async ended(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, 'exit');
  }
}
