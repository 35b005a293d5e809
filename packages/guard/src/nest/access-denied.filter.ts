import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { HttpAdapterHost } from '@nestjs/core';
import { AccessDenied } from './access-denied.js';

/**
 * Sends the problem document of a refusal over HTTP. It is sent as text, because Nest 11 on Express warns about an object with a
 * content type other than `application/json`, and changes the type.
 */
@Catch(AccessDenied)
export class AccessDeniedFilter implements ExceptionFilter<AccessDenied> {
  constructor(private readonly adapterHost: HttpAdapterHost) {}

  catch(denied: AccessDenied, host: ArgumentsHost): void {
    if (host.getType() !== 'http') return; // GraphQL turns the exception into its own response
    const { httpAdapter } = this.adapterHost;
    const response = host.switchToHttp().getResponse<unknown>();
    if (httpAdapter.isHeadersSent(response)) return void httpAdapter.end(response);
    httpAdapter.setHeader(response, 'Content-Type', 'application/problem+json');
    httpAdapter.reply(response, JSON.stringify(denied.getResponse()), denied.getStatus());
  }
}
