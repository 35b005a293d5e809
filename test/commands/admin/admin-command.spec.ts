import { parseAdminCommand } from '../../../src/commands/admin/admin-command.value.js';
import { EmailInvalid } from '../../../src/commands/commands.errors.js';
import { commandOf } from '../../../src/commands/programs.service.js';

describe('A command about admins', () => {
  it.each(['create', 'promote'])('is %s, with one address', (name) => {
    expect(parseAdminCommand([name, ' Ada@EXAMPLE.com'])).toEqual({ name, email: 'ada@example.com' });
  });

  it.each([
    [[]],
    [['create']],
    [['ada@example.com']],
    [['remove', 'ada@example.com']],
    [['create', 'ada@example.com', 'more']],
  ])('is not %j', (words) => {
    expect(parseAdminCommand(words)).toBeNull();
  });

  it.each(['no address', 'ada', ''])('tells %j from an address', (address) => {
    expect(parseAdminCommand(['create', address])).toEqual({ name: 'create', email: null });
    expect(() => commandOf(['admin', 'create', address])).toThrow(EmailInvalid);
  });
});
