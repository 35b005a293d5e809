import { Controller, Get, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { AccessDenied, InsufficientRole, InvalidToken, Roles } from '@auth-service/guard';
import { ValidationFailed } from '../../platform/errors.js';
import { ApiProblems } from '../../platform/http/openapi/api-problems.decorator.js';
import { DATABASE_UNAVAILABLE } from '../../platform/http/problems/refused.js';
import { AuditPages } from './audit-pages.service.js';
import { EventListResponse } from './events.dto.js';
import { EventsRequest, filtersOf, pageOf } from './events-request.dto.js';

@ApiTags('Audit')
@ApiBearerAuth()
@Roles('admin')
@Controller('admin/events')
export class EventsController {
  constructor(private readonly pages: AuditPages) {}

  @Get()
  @ApiOperation({
    operationId: 'listEvents',
    summary: 'List all events',
    description: 'The audit log, newest first. For admins only.',
  })
  @ApiOkResponse({ type: EventListResponse, description: 'A page of the events that match all filters.' })
  @ApiProblems(
    new ValidationFailed([
      { field: 'from', code: 'not_a_time', detail: 'Must be a time in UTC, such as 2026-01-31T12:00:00Z.' },
    ]),
    new AccessDenied(new InvalidToken('an example')),
    new AccessDenied(new InsufficientRole()),
    DATABASE_UNAVAILABLE,
  )
  async list(@Query() query: EventsRequest): Promise<EventListResponse> {
    return new EventListResponse(await this.pages.find(filtersOf(query), pageOf(query)));
  }
}
