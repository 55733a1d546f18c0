import { DoctorBody } from '../doctor';
import type { EnvlinkModel } from '../model';
import type { Envlink } from '../tokens';
import { eventually, FakeServer, trans } from './server';

import { Widget } from '@lumino/widgets';

import { Simulate } from 'react-dom/test-utils';

let server: FakeServer;
let model: EnvlinkModel;
let host: HTMLElement;
let body: DoctorBody;

const PLACE: Envlink.IPlace = {
  path: '/home/me/envs',
  source: 'envs_dirs of /home/me/.condarc',
  exists: true,
  readable: true,
  environments: 3
};

function report(changes: Partial<Envlink.IReport> = {}): Envlink.IReport {
  return {
    id: 'aaaaaaaaaaaa',
    name: 'finance',
    prefix: '/home/me/envs/finance',
    kind: 'conda',
    state: 'ready',
    problem: null,
    actions: [],
    ok: true,
    checks: [
      { code: 'python', ok: true, text: 'It has a Python.', remedy: '' },
      {
        code: 'registered',
        ok: false,
        text: 'It is not registered.',
        remedy: 'Make the folder writable.'
      },
      { code: 'shared', ok: null, text: 'It is shared.', remedy: '' }
    ],
    ...changes
  };
}

beforeEach(() => {
  server = new FakeServer();
});

afterEach(() => {
  body.dispose();
  model.dispose();
  server.restore();
});

async function show(environment?: string): Promise<void> {
  model = server.model();
  await model.ready;
  body = new DoctorBody({ environment, model, trans });
  host = body.node;
  Widget.attach(body, document.body);
  await eventually(() =>
    expect(host.querySelector('[data-report], [role=alert], h3')).toBeTruthy()
  );
}

describe('Doctor', () => {
  it('explains one environment, check by check', async () => {
    server.routes['GET envlink/api/doctor?environment=aaaaaaaaaaaa'] = () => ({
      environments: [report()],
      places: [PLACE],
      checks: [],
      ok: true
    });
    await show('aaaaaaaaaaaa');
    expect(host.textContent).not.toContain(PLACE.source);
    const checks = [...host.querySelectorAll('[data-check]')];
    expect(
      checks.map(each => each.querySelector('.jp-Envlink-word')?.textContent)
    ).toEqual(['Good', 'Problem', 'Note']);
    expect(checks[1].textContent).toContain('It is not registered.');
    expect(checks[1].textContent).toContain('Make the folder writable.');
    expect(host.querySelector('details')?.open).toBe(true);
    expect(host.querySelector('input')).toBeNull();
  });

  it('explains all, those that need it first and open', async () => {
    const problem = { code: 'x', message: 'Gone.', remedy: 'Remove it.' };
    server.routes['GET envlink/api/doctor'] = () => ({
      environments: [
        report(),
        report({
          prefix: '/b',
          name: 'moved',
          state: 'broken',
          problem,
          ok: false
        })
      ],
      places: [PLACE, { ...PLACE, path: '/gone', exists: false }],
      checks: [
        {
          code: 'condarc',
          ok: false,
          text: 'It is no YAML.',
          remedy: 'Mend it.'
        }
      ],
      ok: false
    });
    await show();
    const found = [...host.querySelectorAll<HTMLElement>('[data-report]')];
    expect(found.map(each => each.dataset.report)).toEqual([
      'moved',
      'finance'
    ]);
    expect(found.map(each => each.querySelector('details')?.open)).toEqual([
      true,
      false
    ]);
    expect(found[0].textContent).toContain('Remove it.');
    expect(host.querySelector('[role=status]')?.textContent).toContain(
      '2 environments; something is to be said about 1 of them.'
    );
    expect(host.textContent).toContain('It is no YAML.');
    expect(host.textContent).toContain('3 found/home/me/envs');
    expect(host.textContent).toContain('Not there/gone');
  });

  it('says why a folder is not listed', async () => {
    server.routes['GET envlink/api/doctor'] = () => ({
      environments: [],
      places: [PLACE],
      checks: [],
      ok: true
    });
    server.routes['GET envlink/api/doctor?path=%2Fhome%2Fme%2Fa+b'] = () => ({
      environments: [
        report({
          id: null,
          kind: null,
          state: null,
          problem: { code: 'x', message: 'It has no Python.', remedy: '' },
          checks: [],
          ok: false
        })
      ],
      places: [PLACE],
      checks: [],
      ok: false
    });
    await show();
    const field = host.querySelector('input') as HTMLInputElement;
    field.value = '/home/me/a b';
    Simulate.change(field);
    expect(await body.ask()).toBe(false);
    await eventually(() =>
      expect(host.textContent).toContain('It has no Python.')
    );
    expect(host.textContent).toContain(PLACE.source);
  });

  it('says why it cannot be explained, and tries again', async () => {
    const path = 'GET envlink/api/doctor?environment=aaaaaaaaaaaa';
    server.routes[path] = () => ({
      status: 404,
      body: { code: 'not-found', message: 'It is gone.', remedy: 'Refresh.' }
    });
    await show('aaaaaaaaaaaa');
    expect(host.querySelector('[role=alert]')?.textContent).toContain(
      'It is gone.'
    );
    server.routes[path] = () => ({
      environments: [report()],
      places: [],
      checks: [],
      ok: true
    });
    host.querySelector('button')?.click();
    await eventually(() =>
      expect(host.textContent).toContain('It has a Python.')
    );
    expect(host.querySelector('[role=alert]')).toBeNull();
  });
});
