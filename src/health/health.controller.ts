import { Controller, Get, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Public } from '@auth-service/guard';
import type { FastifyRequest } from 'fastify';
import { isDraining } from '../platform/http/connections/draining.js';
import { ApiProblems } from '../platform/http/openapi/api-problems.decorator.js';
import { Quiet } from '../platform/http/requests/quiet.decorator.js';
import { HealthResponse } from './health.dto.js';
import { DatabaseAway, KeyNotOpened, MigrationsMissing, ShuttingDown } from './health.errors.js';
import { HealthService } from './health.service.js';

@ApiTags('Health')
@Public()
@Controller('health')
export class HealthController {
  constructor(private readonly health: HealthService) {}

  @Get('live')
  @Quiet()
  @ApiOperation({
    operationId: 'live',
    summary: 'Liveness',
    description: 'The process is running. Checks nothing else. Restart the process if this fails.',
  })
  @ApiOkResponse({ type: HealthResponse, description: 'The process is running.' })
  live(): HealthResponse {
    return { status: 'ok' };
  }

  @Get('ready')
  @Quiet()
  @ApiOperation({
    operationId: 'ready',
    summary: 'Readiness',
    description: 'Checks the database, too. If this fails, the code says why; send requests to another replica.',
  })
  @ApiOkResponse({ type: HealthResponse, description: 'The service is ready.' })
  @ApiProblems(new ShuttingDown(), new DatabaseAway(), new MigrationsMissing(), new KeyNotOpened())
  async ready(@Req() request: FastifyRequest): Promise<HealthResponse> {
    if (isDraining(request.server.server)) throw new ShuttingDown();
    await this.health.requireReady();
    return { status: 'ok' };
  }
}
