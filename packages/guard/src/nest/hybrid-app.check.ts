import { Injectable, type OnModuleInit, type Type } from '@nestjs/common';
import { HttpAdapterHost, MetadataScanner, ModulesContainer, Reflector } from '@nestjs/core';
import { guardsOn, isDecided } from './access.metadata.js';
import { JwtAuthGuard } from './jwt-auth.guard.js';

/** Under this name Nest notes that a method handles messages or events. */
const HANDLER = 'microservices:handler_type';

/**
 * Keeps an app that serves HTTP from starting with handlers of messages on which nothing is written: for those that `connectMicroservice`
 * serves, Nest asks no global guard, unless the app's configuration is inherited, which cannot be seen from here.
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

  /** Again: an app under test is given its HTTP only now. */
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
      `The auth guard cannot start: ${open} takes messages, which Nest hides from global guards in an app that serves HTTP, too. ` +
        'Write @UseGuards(JwtAuthGuard), @Roles, @MaxAge or @Public() on it or on its class.',
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
