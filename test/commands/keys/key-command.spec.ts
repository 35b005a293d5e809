import { parseKeyCommand } from '../../../src/commands/keys/key-command.value.js';

describe('A command about keys', () => {
  it.each([['list'], ['rotate'], ['rewrap']])('is %s, alone', (name) => {
    expect(parseKeyCommand([name])).toEqual({ name });
    expect(parseKeyCommand([name, 'more'])).toBeNull();
  });

  it('is revoke, with the id of one key', () => {
    expect(parseKeyCommand(['revoke', 'kid'])).toEqual({ name: 'revoke', kid: 'kid' });
    expect(parseKeyCommand(['revoke'])).toBeNull();
    expect(parseKeyCommand(['revoke', ''])).toBeNull();
    expect(parseKeyCommand(['revoke', 'one', 'two'])).toBeNull();
  });

  it.each([[[]], [['delete']], [['List']], [['constructor']]])('is not %j', (words) => {
    expect(parseKeyCommand(words)).toBeNull();
  });
});
