import { createHash } from 'node:crypto';
import { parse as uuidBytes } from 'uuid';
import type { Answer, Client } from '../../support/http/client.js';
import type { Person } from '../../support/people/people.js';

export const HEADER = 'x-device-token';

/** A client that keeps the device token it is given, as an app does, and names itself. */
export class Device {
  token: string | null = null;

  constructor(
    private readonly client: Client,
    private readonly userAgent = 'Same for all/1.0',
  ) {}

  /** What it sends to be known by. */
  get headers(): Record<string, string> {
    return { 'user-agent': this.userAgent, ...(this.token !== null && { [HEADER]: this.token }) };
  }

  async logIn(person: Person): Promise<Answer> {
    const answer = await this.client.post('/auth/login', person, { headers: this.headers });
    this.token = answer.headers.get(HEADER) ?? this.token;
    return answer;
  }
}

/** What is kept of the newest device in a token, for one account. */
export function digestIn(token: string, userId: string): Buffer {
  const id = Buffer.from(token, 'base64url').subarray(0, 16);
  return createHash('sha256').update(uuidBytes(userId)).update(id).digest();
}
