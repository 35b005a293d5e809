import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { noteRefusal } from '../requests/request-outcome.js';
import { headersOf, type IsDatabaseTrouble, refusedFor } from './refused.js';
import { sendProblem } from './send-problem.js';

/** The only place that turns errors into responses: `application/problem+json` (RFC 9457). */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly isDatabaseTrouble: IsDatabaseTrouble) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const refused = refusedFor(error, this.isDatabaseTrouble);
    noteRefusal(request, refused, error);
    if (!reply.raw.headersSent) sendProblem(request, reply.headers(headersOf(error)), refused);
    // The response has begun. Only a broken connection tells the caller that it is incomplete.
    else if (!reply.raw.writableEnded) reply.raw.destroy();
  }
}
