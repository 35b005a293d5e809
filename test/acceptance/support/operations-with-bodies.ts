import { readFileSync } from 'node:fs';
import { Receiver } from '../../signals/support/receivers.js';
import { admin } from '../../admin/support/admins.js';
import { type Answer, Client } from '../../support/http/client.js';
import { stranger } from '../../support/people/people.js';
import { startService, type TestService } from '../../support/service/service.js';

type Body = Record<string, unknown>;

interface OpenApi {
  paths: Record<string, Record<string, { requestBody?: { content: Record<string, { schema: { $ref: string } }> } }>>;
  components: { schemas: Record<string, { properties?: Record<string, { type?: string | string[] }> }> };
}

const link = (): Body => ({ token: 'a-token' });
const linkAndPassword = (): Body => ({ ...link(), password: stranger().password });
const address = (): Body => ({ email: stranger().email });
const currentPassword = 'a password of my own';

/** Every operation that takes a body, with one whose form is right; `:id` is somebody's. */
export const soundBodies: Readonly<Record<string, () => Body>> = {
  'POST /auth/register': () => ({ ...stranger() }),
  'POST /auth/login': () => ({ ...stranger() }),
  'POST /auth/refresh': () => ({ refreshToken: 'a-token' }),
  'POST /auth/logout': () => ({ refreshToken: 'a-token' }),
  'POST /auth/verify-email': link,
  'POST /auth/verify-email/resend': address,
  'POST /auth/forgot-password': address,
  'POST /auth/reset-password': linkAndPassword,
  'POST /auth/accept-invitation': linkAndPassword,
  'POST /auth/confirm-email-change': link,
  'POST /auth/undo-email-change': link,
  'PATCH /users/me': () => ({ locale: 'en' }),
  'DELETE /users/me': () => ({ currentPassword }),
  'POST /users/me/password': () => ({ currentPassword, newPassword: 'another one of my own' }),
  'POST /users/me/email': () => ({ ...address(), currentPassword }),
  'POST /admin/users': address,
  'PATCH /admin/users/:id': () => ({ disabled: true }),
  'POST /ssf/poll': () => ({ returnImmediately: true }),
};
export const operationsWithBodies = Object.keys(soundBodies);

const document = JSON.parse(readFileSync(new URL('../../../docs/openapi.json', import.meta.url), 'utf8')) as OpenApi;

/** The same from the documentation: each with its properties and their types. */
export const documentedBodies: ReadonlyMap<string, [name: string, types: string[]][]> = new Map(
  Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).flatMap(([method, { requestBody }]) => {
      const schema = requestBody?.content['application/json']?.schema.$ref.split('/').at(-1);
      if (!schema) return [];
      const properties = Object.entries(document.components.schemas[schema]?.properties ?? {});
      const types = properties.map(([name, { type }]): [string, string[]] => [name, [type ?? []].flat()]);
      return [[`${method.toUpperCase()} ${path.replace('{id}', ':id')}`, types]];
    }),
  ),
);

/** A service, and somebody who may call every operation of it. */
export interface Everywhere {
  service: TestService;
  client: Client;
  userId: string;
  /** Sends a body as it is, signed in wherever that is asked for. */
  send(operation: string, body: string | Uint8Array, headers?: Record<string, string>): Promise<Answer>;
}

/** Call `service.stop` in afterAll. */
export async function startEverywhere(): Promise<Everywhere> {
  const receiver = new Receiver('shop');
  const service = await startService({ settings: { SSF_RECEIVERS: receiver.setting } });
  const client = new Client(service.url);
  const { userId, accessToken } = await admin(client, service.database);
  return {
    service,
    client,
    userId,
    send: (operation, body, headers) => {
      const [method = '', path = ''] = operation.split(' ');
      const authorization = `Bearer ${path === '/ssf/poll' ? receiver.token : accessToken}`;
      return client.raw(path.replace(':id', userId), body, 'application/json', { authorization, ...headers }, method);
    },
  };
}
