import { applyDecorators, Controller, Get, Header, Headers } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Public } from '@auth-service/guard';
import { PASSWORD_MAX_LENGTH } from '../auth/passwords/password-policy.value.js';
import { Config } from '../platform/config/config.js';
import { chooseLocale } from '../platform/locale.value.js';
import { LINK_PAGES, type LinkPageName } from './link-pages.value.js';
import { LINK_SCRIPT } from './link-script.value.js';
import { linkPage, PAGE_POLICY } from './page.value.js';

function PageOf(name: LinkPageName): MethodDecorator {
  return applyDecorators(
    Get(LINK_PAGES[name].path),
    Header('content-type', 'text/html; charset=utf-8'),
    Header('content-security-policy', PAGE_POLICY),
  );
}

/** Where the links in mails lead unless a team has pages of its own. To open one changes nothing. */
@ApiExcludeController()
@Public()
@Controller()
export class PagesController {
  constructor(private readonly config: Config) {}

  @PageOf('verify_email')
  verifyEmail(@Headers('accept-language') languages?: string): string {
    return this.page('verify_email', languages);
  }

  @PageOf('resend_verification')
  resendVerification(@Headers('accept-language') languages?: string): string {
    return this.page('resend_verification', languages);
  }

  @PageOf('forgot_password')
  forgotPassword(@Headers('accept-language') languages?: string): string {
    return this.page('forgot_password', languages);
  }

  @PageOf('reset_password')
  resetPassword(@Headers('accept-language') languages?: string): string {
    return this.page('reset_password', languages);
  }

  @PageOf('accept_invitation')
  acceptInvitation(@Headers('accept-language') languages?: string): string {
    return this.page('accept_invitation', languages);
  }

  @PageOf('confirm_email')
  confirmEmail(@Headers('accept-language') languages?: string): string {
    return this.page('confirm_email', languages);
  }

  @PageOf('undo_email_change')
  undoEmailChange(@Headers('accept-language') languages?: string): string {
    return this.page('undo_email_change', languages);
  }

  @Get('pages/link.js')
  @Header('content-type', 'text/javascript; charset=utf-8')
  script(): string {
    return LINK_SCRIPT;
  }

  private page(name: LinkPageName, languages: string | undefined): string {
    const { defaultLocale, issuerUrl, appName, app, passwordMinLength: min } = this.config;
    return linkPage(name, chooseLocale(languages, defaultLocale), {
      appName,
      host: new URL(issuerUrl).hostname,
      app,
      lengths: { min, max: PASSWORD_MAX_LENGTH },
    });
  }
}
