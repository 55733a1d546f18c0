import { showKernelSettings } from '../dialogs';
import type { EnvlinkModel } from '../model';
import type { Envlink } from '../tokens';
import { environment, eventually, FakeServer, trans } from './server';

import { Dialog } from '@jupyterlab/apputils';

import { Simulate } from 'react-dom/test-utils';

const KERNEL = 'envlink/api/environments/aaaaaaaaaaaa/kernel';

let server: FakeServer;
let model: EnvlinkModel;
let node: HTMLElement;
let done: Promise<void>;

beforeEach(() => {
  server = new FakeServer();
});

afterEach(() => {
  Dialog.flush();
  model.dispose();
  server.restore();
});

/** The dialog for an environment with these settings. */
async function open(settings: Partial<Envlink.IEnvironment>): Promise<void> {
  server.environments = [environment(settings)];
  model = server.model();
  await model.ready;
  done = showKernelSettings(model, model.environments[0], trans);
  node = await eventually(() => {
    const found = document.querySelector<HTMLElement>('.jp-Dialog');
    expect(document.activeElement?.tagName).toBe('INPUT');
    return found as HTMLElement;
  });
}

/** The server takes settings as it is meant to. */
function accepting(): object[] {
  const bodies: object[] = [];
  server.routes[`PATCH ${KERNEL}`] = ({ body }) => {
    bodies.push(body as object);
    return environment({ title: 'Money' });
  };
  return bodies;
}

function input(label: string): HTMLInputElement {
  const found = [...node.querySelectorAll('input')].find(
    each =>
      each.getAttribute('aria-label') === label ||
      each.labels?.[0]?.textContent === label
  );
  if (!found) {
    throw new Error(`There is no field "${label}".`);
  }
  return found;
}

async function type(label: string, value: string): Promise<void> {
  const field = await eventually(() => input(label));
  field.value = value;
  Simulate.change(field);
  await eventually(() => expect(field.value).toBe(value));
}

async function press(text: string, nth = 0): Promise<void> {
  await eventually(() => {
    const found = [...node.querySelectorAll('button')].filter(
      each => each.textContent === text
    );
    found[nth].click();
  });
}

describe('kernel settings', () => {
  it('shows what is set, with the usual name as the proposal', async () => {
    await open({ variables: { DATA: '/data' } });
    const title = input('Display name');
    expect(document.activeElement).toBe(title);
    expect(title.placeholder).toBe('finance (Python 3.11)');
    expect(input('Hide it from the kernel menu').checked).toBe(false);
    expect(input('Name of DATA').value).toBe('DATA');
    expect(input('Value of DATA').value).toBe('/data');
    expect(node.textContent).toContain('put no passwords or tokens here');
    await press('Cancel');
    await done;
  });

  it('sends what has changed and nothing else, then closes', async () => {
    const bodies = accepting();
    await open({ variables: { DATA: '/data', OLD: '1', KEPT: 'x' } });
    await type('Display name', ' Money ');
    await type('Value of DATA', '/elsewhere');
    await press('Remove', 1);
    await eventually(() =>
      expect(() => input('Name of OLD')).toThrow('no field')
    );
    await press('Add a variable');
    await eventually(() =>
      expect(document.activeElement).toBe(input('Name of the new variable'))
    );
    await type('Name of the new variable', 'NEW');
    await type('Value of NEW', '2');
    await press('Save');
    await done;
    expect(bodies).toEqual([
      {
        title: 'Money',
        variables: { OLD: null, DATA: '/elsewhere', NEW: '2' }
      }
    ]);
    expect(model.environments[0].title).toBe('Money');
  });

  it('hides, and takes a name away', async () => {
    const bodies = accepting();
    await open({ title: 'Money' });
    await type('Display name', '');
    const hide = input('Hide it from the kernel menu');
    hide.checked = true;
    Simulate.change(hide);
    await press('Save');
    await done;
    expect(bodies).toEqual([{ title: null, hidden: true }]);
  });

  it('asks nothing of the server where nothing has changed', async () => {
    const bodies = accepting();
    await open({});
    await press('Add a variable');
    await press('Save');
    await done;
    expect(bodies).toEqual([]);
  });

  it('says at the line what is wrong with it, and stays', async () => {
    const bodies = accepting();
    await open({ variables: { DATA: '/data' } });
    await press('Add a variable');
    await type('Name of the new variable', 'A B');
    await press('Save');
    const wrong = await eventually(() => {
      const found = input('Name of A B');
      expect(found.getAttribute('aria-invalid')).toBe('true');
      return found;
    });
    const note = document.getElementById(
      wrong.getAttribute('aria-describedby') ?? ''
    );
    expect(note?.textContent).toContain('no space');
    await type('Name of A B', 'DATA');
    await eventually(() =>
      expect(node.querySelector('.jp-Envlink-fault')).toBeNull()
    );
    await press('Save');
    await eventually(() =>
      expect(node.textContent).toContain('DATA is there twice.')
    );
    expect(bodies).toEqual([]);
    await press('Cancel');
    await done;
  });

  it('says at the field what the server does not take, and stays', async () => {
    const answers = [
      { field: 'title', message: 'Too long.' },
      { field: 'variables', name: 'PATH', message: 'PATH cannot be set.' },
      { message: 'The disk is full.' }
    ];
    server.routes[`PATCH ${KERNEL}`] = () => {
      const { message, ...details } = answers.shift() as { message: string };
      const body = { code: 'x', message, remedy: 'Mend it.', details };
      return { status: 400, body };
    };
    await open({});
    await type('Display name', 'x'.repeat(200));
    await press('Save');
    await eventually(() =>
      expect(
        input('Display name').closest('.jp-Envlink-field')?.textContent
      ).toContain('Too long.')
    );
    await press('Add a variable');
    await type('Name of the new variable', 'PATH');
    await press('Save');
    await eventually(() =>
      expect(node.querySelector('.jp-Envlink-fault')?.textContent).toContain(
        'PATH cannot be set.'
      )
    );
    expect(input('Name of PATH').getAttribute('aria-invalid')).toBe('true');
    await press('Save');
    await eventually(() =>
      expect(node.querySelector('.jp-Envlink-error')?.textContent).toContain(
        'The disk is full.'
      )
    );
    await press('Cancel');
    await done;
  });
});
