import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

/** What a mail server was given, and by how many it was told to give it to. */
interface TakenMail {
  envelope: { from: string; to: string[] };
  mail: Email;
  raw: string;
}

/** A real SMTP server whose temper can be changed. */
export interface MailServer {
  /** For SMTP_URL. */
  url: string;
  port: number;
  /** What it has been given, whether it said so or not. */
  taken: TakenMail[];
  /** Answers every address with this code; 0: takes it. */
  refuseAddress: number;
  /** Breaks off when it has all of a mail, without a word about it. */
  breakOff: boolean;
  /** Takes all of a mail and says nothing. */
  keepSilent: boolean;
  stop(): Promise<void>;
}

export async function startMailServer(options: SMTPServerOptions & { port?: number } = {}): Promise<MailServer> {
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    ...options,
    onRcptTo: (_address, _session, answer) => {
      const { refuseAddress: responseCode } = running;
      answer(responseCode ? Object.assign(new Error('no such address'), { responseCode }) : null);
    },
    onData: (stream, session, answer) => {
      void buffer(stream).then(async (bytes) => {
        const { mailFrom, rcptTo } = session.envelope;
        running.taken.push({
          envelope: { from: mailFrom ? mailFrom.address : '', to: rcptTo.map(({ address }) => address) },
          mail: await PostalMime.parse(bytes),
          raw: bytes.toString(),
        });
        if (running.keepSilent) return;
        if (running.breakOff) for (const connection of server.connections) connection.close();
        else answer();
      });
    },
  });
  server.on('error', () => undefined); // those who go away in the middle
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server.server, 'listening');
  const { port } = server.server.address() as AddressInfo;
  const running: MailServer = {
    url: `${options.secure ? 'smtps' : 'smtp'}://127.0.0.1:${port}`,
    port,
    taken: [],
    refuseAddress: 0,
    breakOff: false,
    keepSilent: false,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const connection of server.connections) connection.close();
      }),
  };
  return running;
}
