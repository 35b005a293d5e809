import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Module } from '@nestjs/common';
import { Field, GraphQLModule, ObjectType, Query, Resolver } from '@nestjs/graphql';
import { MercuriusDriver, type MercuriusDriverConfig } from '@nestjs/mercurius';
import { AuthGuardModule, CurrentUser, MaxAge, type Principal, Public, Roles } from '../../src/index.js';
import { closeApps, serve } from '../support/apps.js';
import { ISSUER, newKey, NOW_SECONDS, sourceOf, token, tokenWithClaims } from '../support/tokens.js';

const key = newKey();

@ObjectType()
class Note {
  @Field(() => String)
  text!: string;

  @Field(() => String)
  owner!: string;
}

@Resolver(() => Note)
class NotesResolver {
  @Query(() => Note)
  mine(@CurrentUser() user: Principal): Note {
    return { text: 'mine', owner: user.userId };
  }

  @Query(() => Note)
  @Public()
  open(): Note {
    return { text: 'open', owner: 'nobody' };
  }

  @Query(() => Note)
  @Roles('admin')
  all(@CurrentUser() user: Principal): Note {
    return { text: 'all', owner: user.role };
  }

  @Query(() => Note)
  @MaxAge(60)
  recent(): Note {
    return { text: 'recent', owner: 'someone' };
  }
}

interface GraphqlAnswer {
  data?: Record<string, Note | null> | null;
  errors?: { message: string; extensions?: Record<string, unknown> }[];
}

describe('GraphQL with Mercurius on Fastify', () => {
  let url: string;

  beforeAll(async () => {
    @Module({
      imports: [
        AuthGuardModule.forRoot({ issuer: ISSUER, keys: sourceOf(key), clock: () => NOW_SECONDS * 1000 }),
        GraphQLModule.forRoot<MercuriusDriverConfig>({
          driver: MercuriusDriver,
          autoSchemaFile: true,
          allowBatchedQueries: true,
        }),
      ],
      providers: [NotesResolver],
    })
    class AppModule {}

    ({ url } = await serve(AppModule));
  });
  afterAll(closeApps);

  async function post(body: object, sent?: string): Promise<unknown> {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(sent && { authorization: `Bearer ${sent}` }) },
      body: JSON.stringify(body),
    });
    return response.json();
  }

  const asking = (query: string): object => ({ query: `{ ${query} { text owner } }` });
  const ask = (query: string, sent?: string) => post(asking(query), sent) as Promise<GraphqlAnswer>;

  it('tells a resolver who is there', async () => {
    const answer = await ask('mine', tokenWithClaims(key, { sub: 'ada', user_id: 'ada' }));
    expect(answer.data).toEqual({ mine: { text: 'mine', owner: 'ada' } });
  });

  it('is open where @Public() stands', async () => {
    expect((await ask('open')).data).toEqual({ open: { text: 'open', owner: 'nobody' } });
  });

  it.each([
    ['mine', undefined, 'invalid_token'],
    ['mine', 'nonsense', 'invalid_token'],
    ['mine', token(newKey(key.kid)), 'invalid_token'],
    ['all', token(key), 'insufficient_role'],
    ['recent', token(key), 'insufficient_user_authentication'],
  ])('refuses %s with its code: %#', async (query, sent, code) => {
    const { data, errors } = await ask(query, sent);
    expect(data?.[query] ?? null).toBeNull();
    expect(errors).toMatchObject([{ extensions: { code } }]);
  });

  it('answers each query of a batch as if it came alone', async () => {
    const [mine, all, open] = (await post(
      [asking('mine'), asking('all'), asking('open')],
      token(key),
    )) as GraphqlAnswer[];
    expect(mine?.data).toMatchObject({ mine: { text: 'mine' } });
    expect(all?.errors).toMatchObject([{ extensions: { code: 'insufficient_role' } }]);
    expect(open?.data).toMatchObject({ open: { text: 'open' } });
    const withoutToken = (await post([asking('mine'), asking('open')])) as GraphqlAnswer[];
    expect(withoutToken[0]?.errors).toMatchObject([{ extensions: { code: 'invalid_token' } }]);
    expect(withoutToken[1]?.data).toMatchObject({ open: { text: 'open' } });
  });

  it('lets the right role in', async () => {
    expect((await ask('all', tokenWithClaims(key, { role: 'admin' }))).data).toEqual({
      all: { text: 'all', owner: 'admin' },
    });
  });
});
