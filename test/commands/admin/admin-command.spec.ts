import { parseAdminCommand } from '../../../src/commands/admin/admin-command.value.js';

describe('A command about admins', () => {
  it.each(['create', 'promote'])('is %s, with one address', (name) => {
    expect(parseAdminCommand([name, ' Ada@EXAMPLE.com'])).toEqual({ name, email: 'ada@example.com' });
  });

  it.each([
    [[]],
    [['create']],
    [['ada@example.com']],
    [['create', 'no address']],
    [['create', '']],
    [['remove', 'ada@example.com']],
    [['create', 'ada@example.com', 'more']],
  ])('is not %j', (words) => {
    expect(parseAdminCommand(words)).toBeNull();
  });
});
