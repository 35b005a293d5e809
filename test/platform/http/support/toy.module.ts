import {
  Body,
  Controller,
  Delete,
  Get,
  Header,
  HttpCode,
  HttpException,
  Module,
  Param,
  Post,
  Query,
  Req,
  Res,
} from '@nestjs/common';
import { IsBoolean, IsOptional, IsString, MinLength, ValidateNested } from 'class-validator';
import { Type } from 'class-transformer';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { IS_DATABASE_TROUBLE } from '../../../../src/platform/http/create-app.js';
import { AllowedOrigins } from '../../../../src/platform/http/cookies/allowed-origins.js';
import { clientAddress } from '../../../../src/platform/http/callers/client-address.js';
import { Quiet } from '../../../../src/platform/http/requests/quiet.decorator.js';
import { SecureCookie } from '../../../../src/platform/http/cookies/secure-cookie.js';
import { Foretells, MayBeMissing, OneOf, Parses } from '../../../../src/platform/http/input/validation.js';
import { ApiProblems } from '../../../../src/platform/http/openapi/api-problems.decorator.js';
import { DATABASE_UNAVAILABLE } from '../../../../src/platform/http/problems/refused.js';
import { Refusal, type RefusalKind } from '../../../../src/platform/errors.js';
import { ApiBearerAuth, ApiOperation, ApiProperty } from '@nestjs/swagger';

const ISSUER = 'http://127.0.0.1';

class Toy extends Refusal {
  readonly code: string;

  constructor(
    readonly kind: RefusalKind,
    override readonly retryAfterSeconds?: number,
  ) {
    super('A toy is refused.');
    this.code = `toy_${kind}`;
  }
}

class ToyTokenRefused extends HttpException {
  readonly headers = { 'WWW-Authenticate': 'Bearer' };

  constructor() {
    super({ title: 'Token refused', detail: 'The token is not valid.', code: 'invalid_token' }, 401);
  }
}

class Place {
  @IsString()
  town!: string;
}

class Person {
  @ApiProperty()
  @Parses((value) => (value.includes('@') ? value : null), { code: 'invalid_email', detail: 'This is not an address.' })
  email!: string;

  @ApiProperty()
  @IsString()
  @MinLength(8, { context: { code: 'password_too_short', detail: 'A password has at least 8 characters.' } })
  password!: string;

  @ApiProperty({ required: false })
  @MayBeMissing()
  @IsString()
  @Foretells((text) => (text.includes('dull') ? { field: '', code: 'dull_motto', detail: 'Too dull.' } : null))
  motto?: string;

  @ApiProperty()
  @IsOptional()
  @IsBoolean()
  agreed?: boolean;

  @ApiProperty()
  @IsOptional()
  @ValidateNested()
  @Type(() => Place)
  place?: Place;
}

class Keep {
  @ApiProperty({ required: false })
  @IsOptional()
  @OneOf(['current'])
  keep?: string;
}

/** As the driver and TypeORM make them: everything about the statement on the error. */
function driverError(): Error {
  const driver = Object.assign(new Error('duplicate key value violates "users_email_key"'), {
    severity: 'ERROR',
    code: '23505',
    detail: 'Key (email)=(canary@example.com) already exists.',
    table: 'users',
    constraint: 'users_email_key',
  });
  const failed = new Error(`${driver.message}\nINSERT canary-sql`);
  return Object.assign(failed, {
    name: 'QueryFailedError',
    query: 'INSERT canary-sql',
    parameters: ['canary-hash'],
    driverError: driver,
  });
}

export const held: { release: () => void }[] = [];

@Controller()
class ToyController {
  private readonly cookie = new SecureCookie('toy', ISSUER);
  private readonly origins = new AllowedOrigins({ issuerUrl: ISSUER, corsOrigins: ['https://app.example'] });

  @Get('hello')
  hello(@Query() query: Keep): object {
    return { hello: 'world', ...query };
  }

  @Get('kept')
  @Header('Cache-Control', 'public, max-age=300')
  kept(): object {
    return {};
  }

  @Post('people')
  @ApiOperation({ summary: 'Adds a person' })
  @ApiProblems(new ToyTokenRefused(), new Toy('conflict'), DATABASE_UNAVAILABLE)
  @ApiBearerAuth()
  add(@Body() person: Person): object {
    return { keys: Object.keys(person), polluted: 'polluted' in {} };
  }

  @Post('logout')
  @HttpCode(200)
  logout(@Body() body: unknown): object {
    return { body: typeof body };
  }

  @Get('refused/:kind')
  refuse(@Param('kind') kind: RefusalKind, @Query('after') after?: string): void {
    throw new Toy(kind, after === undefined ? undefined : Number(after));
  }

  @Get('guarded')
  guarded(@Res({ passthrough: true }) reply: FastifyReply): void {
    reply.header('www-authenticate', 'Bearer error="invalid_token"');
    throw new HttpException(
      {
        type: 'about:blank',
        title: 'Token refused',
        status: 401,
        detail: 'The token is not valid.',
        code: 'invalid_token',
      },
      401,
    );
  }

  @Get('status/:status')
  status(@Param('status') status: string): void {
    throw new HttpException(`canary ${status}`, Number(status));
  }

  @Get('broken')
  broken(): void {
    throw new TypeError('canary-bug is not a function');
  }

  @Get('thrown-string')
  thrownString(): void {
    const notAnError: unknown = 'canary-string';
    throw notAnError;
  }

  @Get('driver')
  driver(): void {
    throw driverError();
  }

  @Get('database-away')
  databaseAway(): void {
    throw Object.assign(new Error('connect ECONNREFUSED canary-host'), { code: 'ECONNREFUSED' });
  }

  @Get('quiet')
  @Quiet()
  quiet(@Query('fail') fail?: string): object {
    if (fail !== undefined) throw new Toy('unavailable');
    return {};
  }

  @Get('mine')
  mine(@Req() request: FastifyRequest & { user?: object }): object {
    request.user = { userId: 'user-1', email: 'canary@example.com' };
    return {};
  }

  @Get('held')
  async held(): Promise<object> {
    await new Promise<void>((resolve) => held.push({ release: resolve }));
    return { held: true };
  }

  @Get('half')
  half(@Res() reply: FastifyReply): void {
    reply.raw.writeHead(200, { 'content-length': '1000' });
    reply.raw.write('half');
    throw new Error('the other half is missing');
  }

  @Get('streamed')
  async streamed(@Res() reply: FastifyReply): Promise<void> {
    reply.hijack();
    reply.raw.writeHead(200, { 'content-length': '8' });
    reply.raw.write('half');
    await new Promise<void>((resolve) => held.push({ release: resolve }));
    reply.raw.end('half');
  }

  @Get('ip')
  ip(@Req() request: FastifyRequest): object {
    return { ip: clientAddress(request), host: request.host, protocol: request.protocol };
  }

  @Post('cookie')
  setCookie(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): object {
    this.origins.requireAllowedOrigin(request);
    this.cookie.set(reply, 'value_1', 60);
    return {};
  }

  @Get('cookie')
  readCookie(@Req() request: FastifyRequest): object {
    return { value: this.cookie.read(request) };
  }

  @Delete('cookie')
  clearCookie(@Res({ passthrough: true }) reply: FastifyReply): object {
    this.cookie.clear(reply);
    return {};
  }
}

@Module({
  controllers: [ToyController],
  providers: [
    {
      provide: IS_DATABASE_TROUBLE,
      useValue: (error: unknown) => error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED',
    },
  ],
})
export class ToyModule {}
