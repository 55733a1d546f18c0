import { Refresher } from '../refresher';

/** Work that is done when the test says so. */
function work() {
  const waiting: (() => void)[] = [];
  const refresher = new Refresher(
    () => new Promise(resolve => waiting.push(resolve))
  );
  const step = async () => {
    waiting[waiting.length - 1]();
    await new Promise(resolve => setTimeout(resolve));
  };
  return { refresher, waiting, step };
}

describe('Refresher', () => {
  it('runs once more for what came while it ran, however much that was', async () => {
    const { refresher, step, waiting } = work();
    void refresher.run();
    const late = [refresher.run(), refresher.run(), refresher.run()];
    expect(waiting).toHaveLength(1);
    await step();
    expect(waiting).toHaveLength(2);
    await step();
    await Promise.all(late);
    expect(waiting).toHaveLength(2);
  });

  it('resolves only when the later run is done too', async () => {
    const { refresher, step } = work();
    void refresher.run();
    let done = false;
    void refresher.run().then(() => {
      done = true;
    });
    await step();
    expect(done).toBe(false);
    await step();
    expect(done).toBe(true);
  });

  it('runs again after a failure', async () => {
    let runs = 0;
    const refresher = new Refresher(async () => {
      runs += 1;
      if (runs === 1) {
        throw new Error('first');
      }
    });
    await expect(refresher.run()).rejects.toThrow('first');
    await refresher.run();
    expect(runs).toBe(2);
  });
});
