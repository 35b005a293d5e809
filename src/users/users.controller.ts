import { Controller, Get } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { AccessDenied, CurrentUser, InvalidToken, type Principal } from '@auth-service/guard';
import { ApiProblems } from '../platform/http/openapi/api-problems.decorator.js';
import { DATABASE_UNAVAILABLE } from '../platform/http/problems/refused.js';
import { UserResponse } from './users.dto.js';
import { UsersService } from './users.service.js';

@ApiTags('Users')
@ApiBearerAuth()
@Controller('users')
export class UsersController {
  constructor(private readonly users: UsersService) {}

  @Get('me')
  @ApiOperation({
    operationId: 'me',
    summary: 'Get my account',
    description: 'The account that the access token belongs to.',
  })
  @ApiOkResponse({ type: UserResponse, description: 'Your account.' })
  @ApiProblems(new AccessDenied(new InvalidToken('an example')), DATABASE_UNAVAILABLE)
  async me(@CurrentUser() principal: Principal): Promise<UserResponse> {
    const user = await this.users.findActive(principal.userId);
    if (!user) throw new AccessDenied(new InvalidToken('the account is gone or disabled'));
    return new UserResponse(user);
  }
}
