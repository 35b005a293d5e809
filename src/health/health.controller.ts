import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Public } from '@auth-service/guard';
import { Database } from '../platform/database/database.service.js';
import { ApiProblems } from '../platform/http/openapi/api-problems.decorator.js';
import { DATABASE_UNAVAILABLE } from '../platform/http/problems/refused.js';
import { HealthResponse } from './health.dto.js';

@ApiTags('Health')
@Public()
@Controller('health')
export class HealthController {
  constructor(private readonly database: Database) {}

  @Get('live')
  @ApiOperation({
    operationId: 'live',
    summary: 'The process runs',
    description: 'Asks nothing else: restart it if this fails.',
  })
  @ApiOkResponse({ type: HealthResponse, description: 'It runs.' })
  live(): HealthResponse {
    return { status: 'ok' };
  }

  @Get('ready')
  @ApiOperation({ operationId: 'ready', summary: 'The service can serve', description: 'Asks the database, too.' })
  @ApiOkResponse({ type: HealthResponse, description: 'It can serve.' })
  @ApiProblems(DATABASE_UNAVAILABLE)
  async ready(): Promise<HealthResponse> {
    await this.database.ping();
    return { status: 'ok' };
  }
}
