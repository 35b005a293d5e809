import { Body, Controller, Headers, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Public } from '@auth-service/guard';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Failures } from '../limits/failures.service.js';
import { DeviceTokenCarrier } from '../platform/http/cookies/device-token-carrier.js';
import { RefreshTokenCarrier } from '../platform/http/cookies/refresh-token-carrier.js';
import { type Caller, CallerOf } from '../platform/http/callers/caller.decorator.js';
import { chooseLocale } from '../platform/locale.value.js';
import { InvalidRefreshToken } from '../sessions/sessions.errors.js';
import { SessionsService } from '../sessions/sessions.service.js';
import type { TokenPair } from '../sessions/token-pairs.service.js';
import { UserResponse } from '../users/users.dto.js';
import { LoginRequest, RefreshTokenRequest, RegisterRequest, TokenResponse } from './auth.dto.js';
import { ApiLogin, ApiLogout, ApiRefresh } from './auth-documentation.dto.js';
import { NoRefreshToken } from './auth.errors.js';
import { AuthService } from './auth.service.js';
import { ApiRegister } from './registration/registration-documentation.dto.js';
import { RegistrationService } from './registration/registration.service.js';

@ApiTags('Auth')
@Public()
@Controller('auth')
export class AuthController {
  constructor(
    private readonly auth: AuthService,
    private readonly registration: RegistrationService,
    private readonly sessions: SessionsService,
    private readonly failures: Failures,
    private readonly refreshTokens: RefreshTokenCarrier,
    private readonly devices: DeviceTokenCarrier,
  ) {}

  @Post('register')
  @ApiRegister()
  async register(
    @Body() { email, password }: RegisterRequest,
    @Headers('accept-language') languages: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<UserResponse | undefined> {
    const user = await this.registration.register(email, password, chooseLocale(languages, null));
    if (user) return new UserResponse(user);
    reply.status(202);
    return undefined;
  }

  @Post('login')
  @HttpCode(200)
  @ApiLogin()
  async login(
    @Body() { email, password, transport }: LoginRequest,
    @CallerOf() caller: Caller,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TokenResponse> {
    const byCookie = transport === 'cookie';
    const replacedToken = byCookie ? this.refreshTokens.find(request) : null;
    const origin = { ...caller, deviceToken: this.devices.read(request), replacedToken };
    const { tokens, deviceToken } = await this.auth.login(email, password, origin);
    const answer = this.answer(tokens, byCookie, reply);
    this.devices.give(reply, deviceToken, byCookie);
    return answer;
  }

  @Post('refresh')
  @HttpCode(200)
  @ApiRefresh()
  async refresh(
    @Body() body: RefreshTokenRequest = new RefreshTokenRequest(),
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TokenResponse> {
    const { token, byCookie } = this.tokenOf(body, request);
    try {
      return this.answer(await this.failures.refresh(isBadToken, () => this.sessions.refresh(token)), byCookie, reply);
    } catch (error) {
      if (byCookie && error instanceof InvalidRefreshToken && error.dead) this.refreshTokens.takeAway(reply);
      throw error;
    }
  }

  @Post('logout')
  @HttpCode(204)
  @ApiLogout()
  async logout(
    @Body() body: RefreshTokenRequest = new RefreshTokenRequest(),
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    const { token, byCookie } = this.tokenOf(body, request);
    await this.sessions.logOut(token);
    if (byCookie) this.refreshTokens.takeAway(reply);
  }

  /** From the body, or else from the cookie. */
  private tokenOf(body: RefreshTokenRequest, request: FastifyRequest): { token: string; byCookie: boolean } {
    if (body.refreshToken !== undefined) return { token: body.refreshToken, byCookie: false };
    const token = this.refreshTokens.read(request);
    if (token === null) throw new NoRefreshToken();
    return { token, byCookie: true };
  }

  private answer(tokens: TokenPair, byCookie: boolean, reply: FastifyReply): TokenResponse {
    if (!byCookie) return new TokenResponse(tokens);
    const { refreshToken, ...rest } = tokens;
    this.refreshTokens.give(reply, refreshToken, tokens.refreshExpiresIn);
    return new TokenResponse(rest);
  }
}

function isBadToken(error: unknown): boolean {
  return error instanceof InvalidRefreshToken;
}
