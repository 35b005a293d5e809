import { Injectable, type OnModuleInit, type Type } from '@nestjs/common';
import { HttpAdapterHost, MetadataScanner, ModulesContainer, Reflector } from '@nestjs/core';
import { guardsOn, isDecided } from './access.metadata.js';
import { JwtAuthGuard } from './jwt-auth.guard.js';

/** Under this name Nest notes that a method handles messages or events. */
const HANDLER = 'microservices:handler_type';

/**
 * Prevents the start of an HTTP app that has message handlers without an access decorator. Nest applies no global guards to
 * handlers served by `connectMicroservice`, unless `inheritAppConfig` is set, which cannot be detected here.
 */
@Injectable()
export class HybridAppCheck implements OnModuleInit {
  constructor(
    private readonly modules: ModulesContainer,
    private readonly adapterHost: HttpAdapterHost,
    private readonly reflector: Reflector,
  ) {
    this.refuseOpenHandlers();
  }

  /** Checks again, because an app under test gets its HTTP adapter only now. */
  onModuleInit(): void {
    this.refuseOpenHandlers();
  }

  /** @throws TypeError naming one of the handlers */
  private refuseOpenHandlers(): void {
    const servesHttp = Boolean(this.adapterHost.httpAdapter as unknown); // it has none in a microservice of its own
    const open = servesHttp
      ? this.controllers().flatMap((controller) => this.openHandlersOf(controller))[0]
      : undefined;
    if (!open) return;
    throw new TypeError(
      `The auth guard cannot start: ${open} handles messages. In an app that also serves HTTP, Nest applies no global guards to it. ` +
        'Add @UseGuards(JwtAuthGuard), @Roles, @MaxAge or @Public() to it or to its class.',
    );
  }

  private controllers(): Type<object>[] {
    const wrappers = [...this.modules.values()].flatMap(({ controllers }) => [...controllers.values()]);
    return wrappers.map(({ metatype }) => metatype as Type<object>);
  }

  private openHandlersOf(controller: Type<object>): string[] {
    const methods = controller.prototype as Record<string, () => unknown>;
    const open = new MetadataScanner().getAllMethodNames(methods).filter((name) => {
      const places = [methods[name]!, controller];
      return (
        this.reflector.get<unknown>(HANDLER, places[0]!) !== undefined && !places.some((place) => this.isGuarded(place))
      );
    });
    return open.map((name) => `${controller.name}.${name}`);
  }

  private isGuarded(place: Type | (() => unknown)): boolean {
    return isDecided(place, this.reflector) || guardsOn(place, this.reflector).some(isOurs);
  }
}

function isOurs(guard: unknown): boolean {
  return guard === JwtAuthGuard || (typeof guard === 'function' && guard.prototype instanceof JwtAuthGuard);
}
