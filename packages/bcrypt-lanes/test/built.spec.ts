import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

describe('The built package', () => {
  it('computes in a process that has only Node', () => {
    const program = `
      import { compare, selfTest } from '@auth-service/bcrypt-lanes';
      selfTest();
      console.log(compare('U*U', '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'));
    `;
    const said = execFileSync(process.execPath, ['--input-type=module', '--eval', program], { encoding: 'utf8' });
    expect(said).toBe('true\n');
  });

  it('depends on nothing', () => {
    const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as object;
    expect(Object.keys(manifest)).not.toEqual(expect.arrayContaining(['dependencies']));
    expect(Object.keys(manifest)).not.toEqual(expect.arrayContaining(['peerDependencies']));
  });
});
