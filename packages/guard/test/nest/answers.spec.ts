import { afterEach, describe, expect, it } from '@jest/globals';
import {
  type ArgumentsHost,
  Catch,
  Controller,
  type ExceptionFilter,
  Get,
  HttpException,
  type INestApplication,
  Module,
  type Provider,
  type Type,
  UseFilters,
} from '@nestjs/common';
import { APP_FILTER, HttpAdapterHost } from '@nestjs/core';
import { AccessDenied, AuthGuardModule, InvalidToken, Roles } from '../../src/index.js';
import { type Answer, closeApps, get, NotesController, platformNames, serve } from '../support/apps.js';
import { ISSUER, newKey, NOW_SECONDS, sourceOf, token } from '../support/tokens.js';

const key = newKey();
const guard = AuthGuardModule.forRoot({ issuer: ISSUER, keys: sourceOf(key), clock: () => NOW_SECONDS * 1000 });
const caught: unknown[] = [];

/** An app's own, which answers every error in a form of its own. */
@Catch()
class OwnFilter implements ExceptionFilter {
  constructor(private readonly adapterHost: HttpAdapterHost) {}

  catch(error: unknown, host: ArgumentsHost): void {
    caught.push(error);
    const status = error instanceof HttpException ? error.getStatus() : 500;
    this.adapterHost.httpAdapter.reply(host.switchToHttp().getResponse(), { error: 'own' }, status);
  }
}

@Controller('own')
@UseFilters(OwnFilter)
class OwnController {
  @Get()
  @Roles('admin')
  get(): object {
    return {};
  }
}

afterEach(async () => {
  await closeApps();
  caught.length = 0;
});

describe.each(platformNames)('a refusal on %s', (platform) => {
  async function refusal(app: {
    providers?: Provider[];
    controller?: Type;
    path?: string;
    prepare?: (app: INestApplication) => void;
  }): Promise<Answer> {
    const { providers = [], controller = NotesController, path = '/me' } = app;
    @Module({ imports: [guard], controllers: [controller], providers })
    class AppModule {}
    const { url } = await serve(AppModule, platform, app.prepare);
    return get(url + path, `Bearer ${token(newKey(key.kid))}`);
  }

  const itsOwn = { provide: APP_FILTER, useClass: OwnFilter };
  const apps: Record<string, Parameters<typeof refusal>[0]> = {
    'an APP_FILTER': { providers: [itsOwn] },
    useGlobalFilters: { prepare: (app) => app.useGlobalFilters(new OwnFilter(app.get(HttpAdapterHost))) },
    'a controller': { controller: OwnController, path: '/own' },
  };

  it.each(Object.keys(apps))(
    'is left to a filter of the app: %s; the challenge stands, the form is its own',
    async (name) => {
      const answer = await refusal(apps[name]!);
      expect(caught).toEqual([expect.any(AccessDenied)]);
      expect(caught[0]).toMatchObject({ code: 'invalid_token', cause: expect.any(InvalidToken) as unknown });
      expect(answer.status).toBe(401);
      expect(answer.body).toEqual({ error: 'own' });
      expect(answer.headers.get('content-type')).toMatch(/^application\/json(;|$)/);
      expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer error="invalid_token"/);
    },
  );

  it('is a problem document where the app has no filter for it', async () => {
    @Catch(TypeError)
    class OtherFilter extends OwnFilter {}
    const answer = await refusal({ providers: [{ provide: APP_FILTER, useClass: OtherFilter }] });
    expect(caught).toEqual([]);
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json(;|$)/);
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer error="invalid_token"/);
    expect(answer.body).toMatchObject({ status: 401, code: 'invalid_token' });
  });
});
