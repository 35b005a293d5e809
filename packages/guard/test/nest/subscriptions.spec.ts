import { afterEach, describe, expect, it } from '@jest/globals';
import { Injectable, Module, type Type } from '@nestjs/common';
import {
  AbstractGraphQLDriver,
  type GqlModuleOptions,
  GqlSubscriptionService,
  GraphQLModule,
  Query,
  Resolver,
  Subscription,
} from '@nestjs/graphql';
import { MercuriusDriver, type MercuriusDriverConfig } from '@nestjs/mercurius';
import { type Client, createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { AuthGuardModule, type AuthGuardOptions, CurrentUser, type Principal, Public, Roles } from '../../src/index.js';
import { closeApps, serve } from '../support/apps.js';
import { ISSUER, newKey, NOW_SECONDS, sourceOf, token, tokenWithClaims } from '../support/tokens.js';

const key = newKey();
const ada = tokenWithClaims(key, { sub: 'ada', user_id: 'ada' });
const bob = tokenWithClaims(key, { sub: 'bob', user_id: 'bob' });

const open: Client[] = [];
afterEach(async () => {
  for (const client of open.splice(0)) await client.dispose();
  await closeApps();
});

@Resolver()
class NotesResolver {
  @Query(() => String)
  @Public()
  hello(): string {
    return 'hello';
  }

  @Subscription(() => String)
  async *mine(@CurrentUser() user: Principal): AsyncGenerator<{ mine: string }> {
    yield await Promise.resolve({ mine: user.userId });
  }

  @Subscription(() => String)
  @Public()
  async *news(): AsyncGenerator<{ news: string }> {
    yield await Promise.resolve({ news: 'news' });
  }

  @Subscription(() => String)
  @Roles('admin')
  async *all(): AsyncGenerator<{ all: string }> {
    yield await Promise.resolve({ all: 'all' });
  }
}

type ContextOption = (connection: object) => unknown;

/** Subscriptions as the Apollo driver serves them, without Apollo: Nest's own service for graphql-ws. */
function driverWith(context: ContextOption): Type<AbstractGraphQLDriver> {
  @Injectable()
  class GraphqlWsDriver extends AbstractGraphQLDriver {
    private service: GqlSubscriptionService | undefined;

    start({ schema, path = '/graphql' }: GqlModuleOptions): Promise<void> {
      const server = this.httpAdapterHost.httpAdapter.getHttpServer() as object;
      this.service = new GqlSubscriptionService({ schema: schema!, path, context, 'graphql-ws': {} }, server);
      return Promise.resolve();
    }

    async stop(): Promise<void> {
      await this.service?.stop();
    }
  }
  return GraphqlWsDriver;
}

const withParams = ({ connectionParams }: { connectionParams?: unknown }): object => ({ connectionParams });
const drivers: Record<string, ReturnType<typeof GraphQLModule.forRoot>> = {
  Mercurius: GraphQLModule.forRoot<MercuriusDriverConfig>({
    driver: MercuriusDriver,
    autoSchemaFile: true,
    subscription: true,
  }),
  'graphql-ws, in the context that Apollo is given': withGraphqlWs((connection) => ({ req: connection })),
  'graphql-ws, in a context of its own': withGraphqlWs((connection) => connection),
  'graphql-ws, in a context that the app makes of it': withGraphqlWs(withParams),
};

function withGraphqlWs(context: ContextOption): ReturnType<typeof GraphQLModule.forRoot> {
  return GraphQLModule.forRoot({ driver: driverWith(context), autoSchemaFile: true });
}

describe.each(Object.keys(drivers))('a GraphQL subscription over %s', (driver) => {
  async function connect(connectionParams: Record<string, unknown>, options?: Partial<AuthGuardOptions>) {
    const clock = (): number => NOW_SECONDS * 1000;
    @Module({
      imports: [AuthGuardModule.forRoot({ issuer: ISSUER, keys: sourceOf(key), clock, ...options }), drivers[driver]!],
      providers: [NotesResolver],
    })
    class AppModule {}

    const { url } = await serve(AppModule);
    return clientOf(url, connectionParams);
  }

  it('knows who is there by what the client sends when it connects', async () => {
    const ask = await connect({ authorization: `Bearer ${ada}` });
    expect(await ask('mine')).toEqual({ data: { mine: 'ada' } });
    expect(await ask('news')).toEqual({ data: { news: 'news' } });
    expect(await ask('all')).toEqual({ code: 'insufficient_role' });
  });

  it.each([
    {},
    { authorization: ada },
    { authorization: [`Bearer ${ada}`] },
    { authorization: `Bearer ${token(newKey(key.kid))}` },
    { token: ada },
  ])('is refused to who connects without a valid token, and open where @Public() stands: %#', async (params) => {
    const ask = await connect(params);
    expect(await ask('mine')).toEqual({ code: 'invalid_token' });
    expect(await ask('news')).toEqual({ data: { news: 'news' } });
  });

  it('never takes one connection for another', async () => {
    const ask = await connect({ authorization: `Bearer ${ada}` });
    const other = clientOf(ask.url, { authorization: `Bearer ${bob}` });
    const answers = await Promise.all([ask('mine'), other('mine'), ask('mine'), other('mine')]);
    expect(answers.map(({ data }) => data?.mine)).toEqual(['ada', 'bob', 'ada', 'bob']);
  });
});

interface Asked {
  data?: Record<string, unknown>;
  code?: unknown;
}
type Ask = ((subscription: string) => Promise<Asked>) & { url: string };
type Refusals = readonly { extensions?: Record<string, unknown> }[];

/** The first that comes of a subscription: data, or the code of a refusal. */
function clientOf(url: string, connectionParams: Record<string, unknown>): Ask {
  const client = createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams,
    lazy: false,
    retryAttempts: 0,
  });
  open.push(client);
  const first = async (subscription: string): Promise<Asked> => {
    for await (const { data, errors } of client.iterate({ query: `subscription { ${subscription} }` })) {
      if (errors) throw errors as unknown; // as the client does where the server sends a message of the kind "error"
      return { data: { ...(data as object) } };
    }
    return {};
  };
  const ask = (subscription: string): Promise<Asked> =>
    first(subscription).catch((errors: Refusals) => ({ code: errors[0]?.extensions?.code }));
  return Object.assign(ask, { url });
}
