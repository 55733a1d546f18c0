import { PanelState } from '../side-panel/panel-state';
import { settle } from './server';

import { StateDB } from '@jupyterlab/statedb';

const KEY = 'jupyter_envlink:panel';

describe('PanelState', () => {
  it('is as it was left, in another page', async () => {
    const database = new StateDB();
    const before = new PanelState(database);
    await before.restored;
    before.set({ query: 'gpu', folded: ['jobs'] });
    before.toggle('a');
    before.toggle('b');
    before.toggle('a');
    await settle(600); // until it is written down
    const after = new PanelState(database);
    await after.restored;
    expect(after.value).toEqual({
      query: 'gpu',
      open: ['b'],
      folded: ['jobs']
    });
  });

  it('keeps what was done before it was restored', async () => {
    const database = new StateDB();
    await database.save(KEY, { query: 'old' });
    const state = new PanelState(database);
    state.set({ query: 'new' });
    await state.restored;
    expect(state.value.query).toBe('new');
  });

  it('takes nothing from what it does not understand', async () => {
    const database = new StateDB();
    await database.save(KEY, { query: 5, open: ['a', 6], folded: 'x' });
    const state = new PanelState(database);
    await state.restored;
    expect(state.value).toEqual({ query: '', open: ['a'], folded: [] });
  });

  it('does without a database, and tells of changes until nobody listens', async () => {
    const state = new PanelState();
    await state.restored;
    const told: string[] = [];
    const end = state.subscribe(() => told.push(state.value.query));
    state.set({ query: 'a' });
    end();
    state.set({ query: 'b' });
    expect(told).toEqual(['a']);
  });
});
