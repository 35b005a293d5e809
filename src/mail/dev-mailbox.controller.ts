import { Controller, Get, Header, NotFoundException, Param, UseGuards } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Public } from '@auth-service/guard';
import { DevMailbox } from './dev-mailbox.service.js';
import { LoopbackOnly } from './loopback.guard.js';
import { listPage, MAILBOX_POLICY, mailPage } from './mailbox-pages.value.js';

const HTML = 'text/html; charset=utf-8';

/** Shows emails instead of sending them, during development. Not available in production. */
@ApiExcludeController()
@Public()
@UseGuards(LoopbackOnly)
@Controller('dev/mailbox')
export class DevMailboxController {
  constructor(private readonly mailbox: DevMailbox) {}

  @Get()
  @Header('content-type', HTML)
  @Header('content-security-policy', MAILBOX_POLICY)
  list(): string {
    return listPage(this.mailbox.list());
  }

  @Get(':id')
  @Header('content-type', HTML)
  @Header('content-security-policy', MAILBOX_POLICY)
  show(@Param('id') id: string): string {
    const mail = this.mailbox.find(id);
    if (!mail) throw new NotFoundException();
    return mailPage(mail);
  }
}
