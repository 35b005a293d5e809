import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import express, { type NextFunction, type Request, type Response } from 'express';
import fastify, { type FastifyReply, type FastifyRequest } from 'fastify';
import { AccessRefused, createVerifier } from '../../src/core.js';
import { get } from '../support/apps.js';
import { getRaw } from '../support/raw.js';
import { tokenCases } from '../support/token-cases.js';
import { ISSUER, NOW_SECONDS, sourceOf, token, USER_ID } from '../support/tokens.js';

const { key, otherCurve, accepted, refused } = tokenCases();
const keys = sourceOf(key, otherCurve);
const verifier = createVerifier({ issuer: ISSUER, keys, clock: () => NOW_SECONDS * 1000 });

interface Running {
  port: number;
  stop(): Promise<unknown>;
}

const servers: Record<string, () => Promise<Running>> = {
  'node:http': () =>
    listen(async (request, response) => {
      try {
        response.end(JSON.stringify(await verifier.verifyRequest(request)));
      } catch (error) {
        if (!(error instanceof AccessRefused)) throw error;
        response.writeHead(error.status, error.headers).end(JSON.stringify(error.problem));
      }
    }),
  Express: () => {
    const app = express();
    app.use(async (request: Request, response: Response) => {
      response.json(await verifier.verifyRequest(request));
    });
    app.use((error: unknown, _request: Request, response: Response, next: NextFunction) => {
      if (!(error instanceof AccessRefused)) return next(error);
      response.status(error.status).set(error.headers).json(error.problem);
    });
    return listen(app);
  },
  Fastify: async () => {
    const app = fastify();
    app.get('/me', async (request: FastifyRequest) => verifier.verifyRequest(request));
    app.setErrorHandler((error: unknown, _request: FastifyRequest, reply: FastifyReply) => {
      if (!(error instanceof AccessRefused)) throw error;
      void reply.code(error.status).headers(error.headers).send(error.problem);
    });
    await app.listen({ host: '127.0.0.1', port: 0 });
    return { port: (app.server.address() as AddressInfo).port, stop: () => app.close() };
  },
};

describe.each(Object.keys(servers))('the verifier without Nest, on %s', (name) => {
  let server: Running;
  let url: string;

  beforeAll(async () => {
    server = await servers[name]!();
    url = `http://127.0.0.1:${server.port}/me`;
  });
  afterAll(() => server.stop());

  it.each(Object.keys(accepted))('accepts a token %s', async (which) => {
    expect((await get(url, `Bearer ${accepted[which]}`)).body).toMatchObject({ userId: USER_ID });
  });

  it.each(Object.keys(refused))('refuses a token: %s', async (which) => {
    const answer = await get(url, `Bearer ${refused[which]}`);
    expect(answer.status).toBe(401);
    expect(answer.body).toMatchObject({ status: 401, code: 'invalid_token' });
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer error="invalid_token"/);
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json(;|$)/);
  });

  it('asks for a token where there is none', async () => {
    const answer = await get(url);
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
  });

  it('refuses two Authorization headers', async () => {
    const line = `Authorization: Bearer ${token(key)}`;
    expect(await getRaw(server.port, '/me', [line, line])).toMatch(/^HTTP\/1.1 401 /);
  });
});

describe('a refusal of the verifier', () => {
  it('never says why in what a framework may send', async () => {
    for (const sent of Object.values(refused)) {
      const error: unknown = await verifier.verifyAccessToken(sent).catch((reason: unknown) => reason);
      expect(error).toMatchObject({ message: 'The access token is invalid or has expired.', status: 401 });
    }
  });

  it.each([undefined, null, 7, ['one', 'two']])('is what comes of a token that is no text: %j', async (sent) => {
    const refused = verifier.verifyAccessToken(sent as unknown as string);
    await expect(refused).rejects.toMatchObject({ name: 'InvalidToken', reason: 'it is no text' });
  });

  it('is one of the options when they cannot be used', () => {
    expect(() => createVerifier({ issuer: 'http://auth.example.com' })).toThrow('the option "issuer" must be');
  });
});

type Handler = (request: IncomingMessage, response: ServerResponse) => unknown;

async function listen(handler: Handler): Promise<Running> {
  const server = createServer((request, response) => void handler(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, stop: async () => server.close() };
}
