import { Controller, Get, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { AccessDenied, CurrentUser, InvalidToken, type Principal } from '@auth-service/guard';
import { ValidationFailed } from '../../platform/errors.js';
import { ApiProblems } from '../../platform/http/openapi/api-problems.decorator.js';
import { DATABASE_UNAVAILABLE } from '../../platform/http/problems/refused.js';
import { AuditPages } from './audit-pages.service.js';
import { OwnEventListResponse } from './own-events.dto.js';
import { filtersOf, OwnEventsRequest, pageOf } from './events-request.dto.js';

@ApiTags('Audit')
@ApiBearerAuth()
@Controller('users/me/events')
export class OwnEventsController {
  constructor(private readonly pages: AuditPages) {}

  @Get()
  @ApiOperation({
    operationId: 'listOwnEvents',
    summary: 'List the events of my account',
    description: 'Newest first: successful and failed logins, closed sessions, changes.',
  })
  @ApiOkResponse({ type: OwnEventListResponse, description: 'A page of the events about you.' })
  @ApiProblems(
    new ValidationFailed([
      { field: 'cursor', code: 'not_a_cursor', detail: 'Must be the `nextCursor` of the previous page.' },
    ]),
    new AccessDenied(new InvalidToken('an example')),
    DATABASE_UNAVAILABLE,
  )
  async list(@CurrentUser() { userId }: Principal, @Query() query: OwnEventsRequest): Promise<OwnEventListResponse> {
    const page = await this.pages.find({ ...filtersOf(query), subjectId: userId }, pageOf(query));
    return new OwnEventListResponse(page, userId);
  }
}
