import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { startService, type TestService } from '../support/service/service.js';

const run = promisify(execFile);

describe('The README', () => {
  let readme: string;
  let service: TestService;

  beforeAll(async () => {
    readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
    service = await startService();
  });
  afterAll(() => service.stop());

  it('leads from nothing to a guarded answer in five lines that work as printed', async () => {
    const lines = /```bash\n(.*?)```/s.exec(readme)?.[1]?.trim().split('\n') ?? [];
    expect(lines).toHaveLength(5);
    const there = lines.map((line) => line.replaceAll('localhost:3000', new URL(service.url).host));
    const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', there.join('\n')]);
    const answers = stdout.split('\n').filter(Boolean);
    const user = {
      id: expect.any(String),
      email: 'ada@example.com',
      emailVerified: false,
      locale: null,
      role: 'user',
      createdAt: expect.any(String),
    };
    expect(answers.map((answer) => JSON.parse(answer) as unknown)).toEqual([
      user,
      user,
      { items: [expect.objectContaining({ current: true, userAgent: expect.stringContaining('curl') })] },
    ]);
  });
});
