import { Body, Controller, HttpCode, Post, Req, Res } from '@nestjs/common';
import {
  ApiBody,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { Public } from '@auth-service/guard';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ValidationFailed } from '../platform/errors.js';
import { ApiProblems } from '../platform/http/openapi/api-problems.decorator.js';
import { AllowedOrigins } from '../platform/http/allowed-origins.js';
import { type Caller, CallerOf } from '../platform/http/requests/caller.decorator.js';
import { SecureCookie } from '../platform/http/secure-cookie.js';
import { SessionsService, type TokenPair } from '../sessions/sessions.service.js';
import { UserResponse } from '../users/users.dto.js';
import { LoginRequest, RefreshTokenRequest, RegisterRequest, TokenResponse } from './auth.dto.js';
import { AuthService } from './auth.service.js';

@ApiTags('Auth')
@Public()
@Controller('auth')
export class AuthController {
  constructor(
    private readonly auth: AuthService,
    private readonly sessions: SessionsService,
    private readonly cookie: SecureCookie,
    private readonly origins: AllowedOrigins,
  ) {}

  @Post('register')
  @ApiOperation({
    operationId: 'register',
    summary: 'Make an account',
    description: 'With an email address and a password.',
  })
  @ApiCreatedResponse({ type: UserResponse })
  @ApiProblems({ 400: ['validation_failed'], 409: ['email_taken'], 503: ['busy', 'database_unavailable'] })
  async register(@Body() { email, password }: RegisterRequest): Promise<UserResponse> {
    return new UserResponse(await this.auth.register(email, password));
  }

  @Post('login')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'login',
    summary: 'Log in',
    description: 'Gives an access token for the `Authorization` header and a refresh token for the next pair.',
  })
  @ApiOkResponse({ type: TokenResponse })
  @ApiProblems({
    400: ['validation_failed'],
    401: ['invalid_credentials'],
    503: ['busy', 'database_unavailable'],
  })
  async login(
    @Body() { email, password, transport }: LoginRequest,
    @CallerOf() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TokenResponse> {
    const tokens = await this.auth.login(email, password, caller);
    return this.answer(tokens, transport === 'cookie', reply);
  }

  @Post('refresh')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'refresh',
    summary: 'Get the next token pair',
    description:
      'Takes the refresh token and gives its successor. Asked again within a few seconds it gives the same successor; ' +
      'later, the session closes, since the token is in two hands.',
  })
  @ApiBody({ type: RefreshTokenRequest, required: false })
  @ApiOkResponse({ type: TokenResponse })
  @ApiProblems({
    400: ['validation_failed'],
    401: ['invalid_refresh_token'],
    403: ['origin_not_allowed'],
    503: ['database_unavailable'],
  })
  async refresh(
    @Body() body: RefreshTokenRequest = new RefreshTokenRequest(),
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TokenResponse> {
    const { token, byCookie } = this.tokenOf(body, request);
    return this.answer(await this.sessions.refresh(token), byCookie, reply);
  }

  @Post('logout')
  @HttpCode(204)
  @ApiOperation({
    operationId: 'logout',
    summary: 'Log out',
    description: 'Closes the session of the refresh token. An unknown token gets the same answer.',
  })
  @ApiBody({ type: RefreshTokenRequest, required: false })
  @ApiNoContentResponse({ description: 'If the token had a session, it is closed.' })
  @ApiProblems({ 400: ['validation_failed'], 403: ['origin_not_allowed'], 503: ['database_unavailable'] })
  async logout(
    @Body() body: RefreshTokenRequest = new RefreshTokenRequest(),
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    const { token, byCookie } = this.tokenOf(body, request);
    await this.sessions.logOut(token);
    if (byCookie) this.cookie.clear(reply);
  }

  /** From the body, or else from the cookie: which a browser sends unasked, so then the caller's origin must be allowed. */
  private tokenOf(body: RefreshTokenRequest, request: FastifyRequest): { token: string; byCookie: boolean } {
    if (body.refreshToken !== undefined) return { token: body.refreshToken, byCookie: false };
    const token = this.cookie.read(request);
    if (token === null) {
      throw new ValidationFailed([{ field: 'refreshToken', code: 'required', detail: 'Here, or in the cookie.' }]);
    }
    this.origins.requireAllowedOrigin(request);
    return { token, byCookie: true };
  }

  private answer(tokens: TokenPair, byCookie: boolean, reply: FastifyReply): TokenResponse {
    if (!byCookie) return new TokenResponse(tokens);
    const { refreshToken, ...rest } = tokens;
    this.cookie.set(reply, refreshToken, tokens.refreshExpiresIn);
    return new TokenResponse(rest);
  }
}
