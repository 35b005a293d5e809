import { RecurringWork } from '../../src/platform/recurring-work.js';

const NEVER = 2 ** 30;

describe('Recurring work', () => {
  let runs: { finish: () => void }[];
  let work: RecurringWork;

  beforeEach(() => {
    runs = [];
    work = new RecurringWork(NEVER, () => new Promise((finish) => runs.push({ finish })));
    work.start();
  });
  afterEach(async () => {
    const stopped = work.stop();
    runs.forEach(({ finish }) => finish());
    await stopped;
  });
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  it('is done at once when it is asked for', () => {
    work.ask();
    expect(runs).toHaveLength(1);
  });

  it('is done once more, and not twice at once, when it is asked for while it is under way', async () => {
    work.ask();
    work.ask();
    work.ask();
    expect(runs).toHaveLength(1);
    runs[0]!.finish();
    await turn();
    expect(runs).toHaveLength(2);
    runs[1]!.finish();
    await turn();
    expect(runs).toHaveLength(2);
    work.ask();
    expect(runs).toHaveLength(3);
  });

  it('goes on after a failure', async () => {
    let tries = 0;
    const failing = new RecurringWork(NEVER, () => Promise.reject(new Error(`${(tries += 1)}`)));
    failing.ask();
    await turn();
    failing.ask();
    await turn();
    expect(tries).toBe(2);
    await failing.stop();
  });

  it('is not begun any more once it is stopped, whoever has asked', async () => {
    work.ask();
    work.ask();
    const stopped = work.stop();
    runs[0]!.finish();
    await stopped;
    work.ask();
    expect(runs).toHaveLength(1);
  });
});
