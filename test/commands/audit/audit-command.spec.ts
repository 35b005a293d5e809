import { parseAuditCommand } from '../../../src/commands/audit/audit-command.value.js';

const DIGEST = 'ab'.repeat(32);

describe('A command about the audit log', () => {
  it('is verify, alone or against a link', () => {
    expect(parseAuditCommand(['verify'])).toEqual({ name: 'verify', witness: null });
    expect(parseAuditCommand(['verify', '--against', `17:${DIGEST}`])).toEqual({
      name: 'verify',
      witness: { seq: 17, digest: Buffer.from(DIGEST, 'hex') },
    });
  });

  it.each([
    [[]],
    [['seal']],
    [['verify', '17']],
    [['verify', '--against']],
    [['verify', '--against', '17']],
    [['verify', '--against', `17:${DIGEST}0`]],
    [['verify', '--against', `17:${DIGEST.toUpperCase()}`]],
    [['verify', '--against', `-1:${DIGEST}`]],
    [['verify', '--against', `17:${DIGEST}`, 'more']],
  ])('is not %j', (words) => {
    expect(parseAuditCommand(words)).toBeNull();
  });
});
