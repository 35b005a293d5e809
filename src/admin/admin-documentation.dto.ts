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
  {
    field: 'role',
    code: 'invalid_role',
    detail: 'Lowercase letters, digits, - and _, starting with a letter; at most 64 characters.',
  },
]);

/** What all admin operations have in common. */
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
    ApiParam({ name: 'id', schema, description: 'The id of the account.' }),
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
        'Newest first; with `email`, sorted by email address. Accounts that are added or erased between two requests never ' +
        'shift the pages.',
    }),
    ApiQuery({
      name: 'email',
      required: false,
      schema: text(254, '^[!-~]+$'),
      description: 'The beginning of the email address.',
    }),
    ApiQuery({ name: 'role', required: false, schema: text(64, '^[a-z][a-z0-9_-]{0,63}$') }),
    ApiQuery({
      name: 'state',
      required: false,
      enum: USER_STATES,
      description: '`invited`: the owner has not chosen a password yet. `closed`: the account is waiting to be erased.',
    }),
    ApiQuery({
      name: 'cursor',
      required: false,
      schema: text(512, '^[A-Za-z0-9_-]+$'),
      description: 'The `nextCursor` of the previous page. Use the same filters.',
    }),
    ApiQuery({
      name: 'limit',
      required: false,
      schema: { type: 'integer', format: 'int32', minimum: 1, maximum: 100, default: 50 },
      description: 'The maximum number of accounts to return.',
    }),
    ApiProblems(new InvalidCursor()),
  );
}

export function ApiGetUser(): MethodDecorator {
  return ofOneUser('getUser', 'Get an account', 'Its current state.');
}

export function ApiChangeUser(): MethodDecorator {
  return applyDecorators(
    ofOneUser(
      'changeUser',
      'Change the role of an account, disable it or enable it',
      'Properties that you leave out do not change. Disabling an account, or taking away a role other than `user`, closes all of ' +
        'its sessions at once. Changing the role from `user` takes effect with the next refresh.',
    ),
    ApiProblems(invalidRole, new ReasonWithoutDisabling(), new LastAdmin(), new UserClosed()),
  );
}

export function ApiCloseUser(): MethodDecorator {
  return applyDecorators(
    ofOneUser(
      'closeUser',
      'Close an account',
      'Nobody can log in to it any more. After `ACCOUNT_ERASURE_DAYS` it is erased with all its data. Until then it can be ' +
        'restored, and its email address stays taken.',
    ),
    ApiProblems(new LastAdmin()),
  );
}

export function ApiRestoreUser(): MethodDecorator {
  return ofOneUser(
    'restoreUser',
    'Restore a closed account',
    'It returns to its previous state: an account that was disabled is still disabled. Does nothing if it is not closed.',
  );
}

export function ApiListUserSessions(): MethodDecorator {
  return ofOneUser(
    'listUserSessions',
    'List the sessions of an account',
    'Its open sessions, most recently used first.',
  );
}

export function ApiCloseUserSessions(): MethodDecorator {
  return ofOneUser('closeUserSessions', 'Close all sessions of an account', 'The owner can log in again.');
}

export function ApiInviteUser(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'inviteUser',
      summary: 'Invite someone',
      description:
        'Creates an account without a password and emails its owner a link to choose one. The link expires after 7 days.',
    }),
    ApiProblems(invalidRole, new EmailTaken()),
  );
}

export function ApiRenewInvitation(): MethodDecorator {
  return applyDecorators(
    ofOneUser('renewInvitation', 'Send an invitation again', 'Emails a new link. The previous one stops working.'),
    ApiProblems(new NotInvited()),
  );
}
