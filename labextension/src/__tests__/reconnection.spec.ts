import type { EnvlinkModel } from '../model';
import { environment, FakeServer, job } from './server';

import { ServerConnection } from '@jupyterlab/services';

let server: FakeServer;
let model: EnvlinkModel;

beforeEach(() => {
  jest.useFakeTimers();
  jest.spyOn(console, 'warn').mockImplementation();
  server = new FakeServer();
  server.environments = [environment()];
});

afterEach(() => {
  model.dispose();
  server.restore();
  jest.useRealTimers();
  jest.restoreAllMocks();
});

async function begin(): Promise<void> {
  model = server.model();
  await model.ready;
}

/** How often the environments were asked for, answered or not. */
function asked(): number {
  return jest
    .mocked(ServerConnection.makeRequest)
    .mock.calls.filter(([url]) => /api\/environments(\?|$)/.test(url)).length;
}

describe('Reconnection', () => {
  it('reads again by itself until the server is back, then no more', async () => {
    await begin();
    server.isDown = true;
    await model.refresh();
    expect(model.error?.code).toBe('unreachable');
    server.jobs = [job()];
    server.isDown = false;
    await jest.advanceTimersByTimeAsync(5000);
    expect(model.error).toBeNull();
    expect(model.jobs).toEqual([job()]);
    const then = asked();
    await jest.advanceTimersByTimeAsync(120_000);
    expect(asked()).toBe(then);
  });

  it('asks ever more seldom', async () => {
    await begin();
    server.isDown = true;
    await model.refresh();
    const before = asked();
    await jest.advanceTimersByTimeAsync(60_000);
    const first = asked() - before;
    expect(first).toBeGreaterThan(3);
    await jest.advanceTimersByTimeAsync(60_000);
    expect(asked() - before - first).toBeLessThan(first);
  });

  it('comes back after the server was not there at the start', async () => {
    server.isDown = true;
    await begin();
    expect(model.environments).toHaveLength(0);
    server.isDown = false;
    await jest.advanceTimersByTimeAsync(5000);
    expect(model.environments).toHaveLength(1);
  });

  it('reads when somebody else has met a server that is gone', async () => {
    await begin();
    server.isDown = true;
    server.failures.emit(new Error('no connection'));
    await jest.advanceTimersByTimeAsync(100);
    expect(model.error?.code).toBe('unreachable');
  });
});
