import { parseUsersCommand } from '../../../src/commands/users/users-command.value.js';

describe('A command about users', () => {
  it.each([
    [['import', 'users.jsonl'], { file: 'users.jsonl', dryRun: false }],
    [['import', '-'], { file: '-', dryRun: false }],
    [['import', 'users.jsonl', '--dry-run'], { file: 'users.jsonl', dryRun: true }],
    [['import', '--dry-run', '-'], { file: '-', dryRun: true }],
  ])('is %j', (words, command) => {
    expect(parseUsersCommand(words)).toEqual({ name: 'import', ...command });
  });

  it.each([
    [[]],
    [['import']],
    [['import', '']],
    [['import', '--dry-run']],
    [['import', '--dryrun']],
    [['import', '--dry-run', '--dry-run', '-']],
    [['import', 'one', 'two']],
    [['export', 'users.jsonl']],
  ])('is not %j', (words) => {
    expect(parseUsersCommand(words)).toBeNull();
  });
});
