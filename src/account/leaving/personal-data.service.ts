import { Injectable } from '@nestjs/common';
import { AuditPages, type EventPage } from '../../audit/pages/audit-pages.service.js';
import { DevicesService } from '../../devices/devices.service.js';
import type { KeptDevice } from '../../devices/known-device.entity.js';
import { Requests } from '../../limits/requests.service.js';
import type { PendingLink } from '../../one-time-tokens/one-time-token.entity.js';
import { OneTimeTokensService } from '../../one-time-tokens/one-time-tokens.service.js';
import type { KeptSession } from '../../sessions/session.entity.js';
import { SessionsService } from '../../sessions/sessions.service.js';
import type { User } from '../../users/user.entity.js';
import { UsersService } from '../../users/users.service.js';

/** More than anybody reads. The rest is available page by page. */
const MOST_EVENTS = 10_000;

/** All data that is stored about a user, without credentials: no hashes, nonces or keys. */
export interface PersonalData {
  user: User;
  sessions: KeptSession[];
  devices: KeptDevice[];
  links: PendingLink[];
  events: EventPage;
}

@Injectable()
export class PersonalDataService {
  constructor(
    private readonly requests: Requests,
    private readonly users: UsersService,
    private readonly sessions: SessionsService,
    private readonly devices: DevicesService,
    private readonly tokens: OneTimeTokensService,
    private readonly events: AuditPages,
  ) {}

  /** @returns null if the user is gone or disabled @throws TooManyRequests */
  async collect(userId: string): Promise<PersonalData | null> {
    await this.requests.requireFew('export', userId);
    const user = await this.users.findActive(userId);
    if (!user) return null;
    const sessions = await this.sessions.listAll(userId);
    const devices = await this.devices.listAll(userId);
    const links = await this.tokens.listPending(userId);
    const events = await this.events.find({ subjectId: userId }, { limit: MOST_EVENTS });
    return { user, sessions, devices, links, events };
  }
}
