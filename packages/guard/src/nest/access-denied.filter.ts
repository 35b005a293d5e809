import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { HttpAdapterHost } from '@nestjs/core';
import { AccessDenied } from './access-denied.js';

/**
 * Answers a refusal over HTTP with its problem document, as text: on Express, Nest 11 takes an object with any content type but
 * `application/json` for a mistake, warns of it and changes the type.
 */
@Catch(AccessDenied)
export class AccessDeniedFilter implements ExceptionFilter<AccessDenied> {
  constructor(private readonly adapterHost: HttpAdapterHost) {}

  catch(denied: AccessDenied, host: ArgumentsHost): void {
    if (host.getType() !== 'http') return; // GraphQL makes its own answer of the exception
    const { httpAdapter } = this.adapterHost;
    const response = host.switchToHttp().getResponse<unknown>();
    if (httpAdapter.isHeadersSent(response)) return void httpAdapter.end(response);
    httpAdapter.setHeader(response, 'Content-Type', 'application/problem+json');
    httpAdapter.reply(response, JSON.stringify(denied.getResponse()), denied.getStatus());
  }
}
