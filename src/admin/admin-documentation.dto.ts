import { applyDecorators } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiParam, ApiQuery, ApiTags } from '@nestjs/swagger';
import { AccessDenied, InsufficientRole, InvalidToken } from '@auth-service/guard';
import { ValidationFailed } from '../platform/errors.js';
import { ApiProblems } from '../platform/http/openapi/api-problems.decorator.js';
import { DATABASE_UNAVAILABLE } from '../platform/http/problems/refused.js';
import { EmailTaken, LastAdmin } from '../users/users.errors.js';
import { InvalidCursor, NotInvited, ReasonWithoutDisabling, UserClosed, UserNotFound } from './admin.errors.js';
import { USER_STATES } from './user-state.value.js';

const invalidRole = new ValidationFailed([
  { field: 'role', code: 'invalid_role', detail: 'Small letters, digits, - and _; at most 64.' },
]);

/** What is true of everything that only admins may do. */
export function ApiAdmin(): ClassDecorator {
  return applyDecorators(
    ApiTags('Administration'),
    ApiBearerAuth(),
    ApiProblems(
      new AccessDenied(new InvalidToken('an example')),
      new AccessDenied(new InsufficientRole()),
      DATABASE_UNAVAILABLE,
    ),
  );
}

function ofOneUser(operationId: string, summary: string, description: string): MethodDecorator {
  const schema = { type: 'string', format: 'uuid', maxLength: 36 } as const;
  return applyDecorators(
    ApiOperation({ operationId, summary, description }),
    ApiParam({ name: 'id', schema, description: 'The account’s.' }),
    ApiProblems(new UserNotFound()),
  );
}

export function ApiListUsers(): MethodDecorator {
  const text = (maxLength: number, pattern: string) => ({ type: 'string', maxLength, pattern }) as const;
  return applyDecorators(
    ApiOperation({
      operationId: 'listUsers',
      summary: 'Find accounts',
      description:
        'The newest first; with `email`, by address. A page begins where the one before has ended, whoever registers or is ' +
        'erased meanwhile.',
    }),
    ApiQuery({
      name: 'email',
      required: false,
      schema: text(254, '^[!-~]+$'),
      description: 'What the address begins with.',
    }),
    ApiQuery({ name: 'role', required: false, schema: text(64, '^[a-z][a-z0-9_-]{0,63}$') }),
    ApiQuery({
      name: 'state',
      required: false,
      enum: USER_STATES,
      description: '`invited`: its owner has not chosen a password yet. `closed`: it waits to be erased.',
    }),
    ApiQuery({
      name: 'cursor',
      required: false,
      schema: text(512, '^[A-Za-z0-9_-]+$'),
      description: 'The `nextCursor` of the page before, with the same filters.',
    }),
    ApiQuery({
      name: 'limit',
      required: false,
      schema: { type: 'integer', format: 'int32', minimum: 1, maximum: 100, default: 50 },
      description: 'How many at most.',
    }),
    ApiProblems(new InvalidCursor()),
  );
}

export function ApiGetUser(): MethodDecorator {
  return ofOneUser('getUser', 'Look at an account', 'As it is now.');
}

export function ApiChangeUser(): MethodDecorator {
  return applyDecorators(
    ofOneUser(
      'changeUser',
      'Change a role, disable or enable',
      'What is not named stays as it is. Who is disabled, or loses a role other than `user`, is signed out everywhere at once; ' +
        'a first role comes with the next refresh.',
    ),
    ApiProblems(invalidRole, new ReasonWithoutDisabling(), new LastAdmin(), new UserClosed()),
  );
}

export function ApiCloseUser(): MethodDecorator {
  return applyDecorators(
    ofOneUser(
      'closeUser',
      'Close an account',
      'Nobody comes in any more. It is erased with everything that belongs to it ACCOUNT_ERASURE_DAYS later; until then it can ' +
        'be restored, and its address stays taken.',
    ),
    ApiProblems(new LastAdmin()),
  );
}

export function ApiRestoreUser(): MethodDecorator {
  return ofOneUser(
    'restoreUser',
    'Restore a closed account',
    'It is what it was before: who had been disabled still is. One that is not closed stays as it is.',
  );
}

export function ApiListUserSessions(): MethodDecorator {
  return ofOneUser('listUserSessions', 'Where is somebody signed in', 'The open sessions, the one used last first.');
}

export function ApiCloseUserSessions(): MethodDecorator {
  return ofOneUser('closeUserSessions', 'Sign somebody out everywhere', 'They can log in again.');
}

export function ApiInviteUser(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'inviteUser',
      summary: 'Invite somebody',
      description: 'Makes an account without a password, and mails its owner a link to choose one, good for 7 days.',
    }),
    ApiProblems(invalidRole, new EmailTaken()),
  );
}

export function ApiRenewInvitation(): MethodDecorator {
  return applyDecorators(
    ofOneUser('renewInvitation', 'Invite once more', 'Mails a new link; the one before dies.'),
    ApiProblems(new NotInvited()),
  );
}
