import { expect, test } from '@jupyterlab/galata';
import type { Locator } from '@playwright/test';
import * as fs from 'fs';
import * as http from 'http';
import type { AddressInfo } from 'net';
import * as path from 'path';

import { HOME, Lab } from './lab';

test.use({ autoGoto: false, mockState: true });

const SMALL = [
  'name: dropped',
  'channels: [conda-forge]',
  'dependencies: [envlink-text-prefix]'
];

let lab: Lab;
let site: http.Server;
let url: string;

test.beforeAll(async () => {
  site = http.createServer((request, response) => {
    if (request.url === '/away') {
      response.writeHead(302, { location: 'http://169.254.169.254/latest' });
      response.end();
    } else if (request.url === '/login') {
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end('<!DOCTYPE html><title>Sign in</title>');
    } else if (request.url === '/fetched.yml') {
      response.end(SMALL.join('\n').replace('dropped', 'fetched'));
    } else {
      response.writeHead(404);
      response.end();
    }
  });
  await new Promise<void>(resolve => site.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
});

test.afterAll(() => void site.close());

test.beforeEach(async ({ page }) => {
  await page.goto();
  lab = new Lab(page);
});

/** The view of the ways in which an environment begins, at one of them. */
async function begin(way: string): Promise<Locator> {
  await lab.page.menu.clickMenuItem('File>New>Environment…');
  const view = lab.page.locator('.jp-Envlink-begin');
  await expect(view).toBeVisible();
  await view.getByRole('tab', { name: way }).click();
  return view.getByRole('tabpanel', { name: way });
}

/** What is shown of a file, with the name that the environment would bear. */
async function expectFile(name: string, ...words: string[]): Promise<void> {
  await expect(lab.view.getByLabel('Name')).toHaveValue(name);
  for (const word of words) {
    await expect(lab.view).toContainText(word);
  }
}

/** Drop a file of this machine on the panel. */
async function drop(name: string, content: string | Buffer): Promise<void> {
  const dataTransfer = await lab.page.evaluateHandle(
    ([name, encoded]) => {
      const transfer = new DataTransfer();
      const data = Uint8Array.from(atob(encoded), each => each.charCodeAt(0));
      transfer.items.add(new File([data], name));
      return transfer;
    },
    [name, Buffer.from(content).toString('base64')] as const
  );
  await lab.panel.dispatchEvent('dragenter', { dataTransfer });
  await expect(lab.panel.locator('.jp-Envlink-drop')).toHaveText(
    'Drop it to see what environment it gives'
  );
  if (name === 'environment.yml') {
    await lab.shots('begin-drop');
  }
  await lab.panel.dispatchEvent('drop', { dataTransfer });
  await expect(lab.panel.locator('.jp-Envlink-drop')).toBeEmpty();
}

test('each kind of file is offered in the file browser', async ({ page }) => {
  const names = [
    'environment.yml',
    'anything.yaml',
    'requirements-dev.txt',
    'pyproject.toml',
    'pixi.lock',
    'conda-lock.yml',
    'pylock.test.toml',
    'conda-linux-64.lock',
    'explicit.txt',
    'packed.tar.gz'
  ];
  for (const name of [...names, 'notes.txt', 'table.csv']) {
    await lab.file('kinds', name, ['x']);
  }
  const item = page.getByRole('menuitem', { name: 'Create environment…' });
  const open = async (name: string) => {
    await page.menu.openContextMenuLocator(
      `.jp-DirListing-item[title^="Name: ${name}"]`
    );
  };
  for (const name of names) {
    await open(name);
    await expect(item).toBeVisible();
    await page.keyboard.press('Escape');
  }
  for (const name of ['notes.txt', 'table.csv']) {
    await open(name);
    await expect(page.locator('.lm-Menu')).toBeVisible();
    await expect(item).toHaveCount(0);
    await page.keyboard.press('Escape');
  }
});

test('a file of this machine is dropped on the panel', async ({ page }) => {
  await lab.openPanel();
  await drop('environment.yml', SMALL.join('\n'));
  await expectFile('dropped', 'envlink-text-prefix');
  await lab.closeView();

  await drop('requirements.txt', 'humanize\n');
  await expect(lab.view).toContainText('a virtual environment');
  await lab.closeView();

  await drop('picture.yml', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1]));
  await expect(lab.dialog).toContainText('picture.yml is no text.');
  await expect(lab.dialog).toContainText('Drop a file that lists packages');
  await lab.shots('begin-drop-refused');
  await page.keyboard.press('Escape');
});

/** An environment of one small package, packed. */
async function packed(): Promise<Buffer> {
  const api = '/envlink/api';
  const done = async (path: string, data: object) => {
    const begun = await lab.page.request.post(`${api}/${path}`, { data });
    expect(begun.status(), await begun.text()).toBe(202);
    const { environment_id, id } = await begun.json();
    const read = async () =>
      (await lab.page.request.get(`${api}/jobs/${id}`)).json();
    const status = async () => (await read()).status;
    await expect.poll(status, { timeout: 60 * 1000 }).toBe('succeeded');
    return { id: environment_id, result: (await read()).result };
  };
  const { id } = await done('environments', {
    text: SMALL.join('\n').replace('dropped', 'to-be-packed')
  });
  const { result } = await done(`environments/${id}/pack`, { folder: '' });
  return fs.readFileSync(result.path);
}

test('an archive of this machine is dropped on the panel, and becomes an environment', async () => {
  const archive = await packed();
  const name = 'from-afar.tar.gz';
  await lab.openPanel();
  await drop(name, archive);
  await expect(lab.view).toContainText('Archive of conda-pack');
  await expect(lab.view).toContainText('envlink-text-prefix');
  const uploaded = path.join(HOME, 'project', name);
  expect(fs.readFileSync(uploaded).equals(archive)).toBe(true);
  await lab.view.getByLabel('Name').fill('from-afar');
  await lab.shots('begin-drop-archive');
  await lab.button(lab.view, 'Create').click();
  await expect(lab.job('Create from-afar')).toHaveAttribute(
    'data-status',
    'succeeded',
    { timeout: 90 * 1000 }
  );
  await expect(lab.environment('from-afar')).toBeVisible();
});

test('an archive that is none is refused', async () => {
  await lab.openPanel();
  await drop('broken.tar.gz', 'no archive at all');
  await expect(lab.view.locator('.jp-Envlink-diagnostics')).toContainText(
    'no environment that conda-pack has packed'
  );
  await expect(lab.button(lab.view, 'Create')).toBeDisabled();
  await lab.shots('begin-drop-archive-broken');
});

test('a file is dragged from the file browser to the panel', async ({
  page
}) => {
  await lab.file('dragged', 'environment.yml', SMALL);
  const from = await page
    .locator('.jp-DirListing-item:has-text("environment.yml")')
    .boundingBox();
  const tab = await page
    .locator('.jp-SideBar .lm-TabBar-tab[data-id="jp-envlink-panel"]')
    .boundingBox();
  const middle = (box: typeof from): [number, number] => [
    box!.x + box!.width / 2,
    box!.y + box!.height / 2
  ];
  await page.mouse.move(...middle(from));
  await page.mouse.down();
  await page.mouse.move(...middle(tab), { steps: 10 });
  await expect(lab.panel).toBeVisible();
  await page.mouse.move(...middle(await lab.panel.boundingBox()), {
    steps: 5
  });
  await expect(lab.panel.locator('.jp-Envlink-drop')).not.toBeEmpty();
  await page.mouse.up();
  await expectFile('dropped', 'envlink-text-prefix');
});

test('a text is pasted, of whichever kind', async () => {
  let form = await begin('Pasted text');
  await lab.expectAccessible('.jp-Envlink-begin', 'begin-paste');
  await expect(lab.button(form, 'Continue')).toHaveAttribute(
    'aria-disabled',
    'true'
  );
  await form.getByLabel('Text of the file').fill(SMALL.join('\n'));
  await lab.button(form, 'Continue').click();
  await expectFile('dropped', 'envlink-text-prefix');
  await lab.closeView();

  form = await begin('Pasted text');
  await form.getByLabel('Text of the file').fill('humanize>=4\ntabulate\n');
  await lab.button(form, 'Continue').click();
  await expect(lab.view).toContainText('a virtual environment');
});

test('an address is fetched, and what stands against it is said', async () => {
  const form = await begin('Web address');
  const field = form.getByLabel('Address of the file');
  for (const [address, message] of [
    [`${url}/none.yml`, /has no file at .*none\.yml \(404\)/],
    [`${url}/login`, /is a web page/],
    ['http://169.254.169.254/latest/meta-data', /no file is fetched from/],
    [`${url}/away`, /169\.254\.169\.254 .* no file is fetched from/],
    ['environment.yml', /is no address of a file/]
  ] as const) {
    await field.fill(address);
    await field.press('Enter');
    await expect(form.getByRole('alert')).toContainText(message);
  }
  await lab.expectAccessible('.jp-Envlink-begin', 'begin-address-refused');
  await field.fill(`${url}/fetched.yml`);
  await expect(form.getByRole('alert')).toHaveCount(0);
  await field.press('Enter');
  await expectFile('fetched', 'envlink-text-prefix');
});

test('packages are chosen by the keyboard alone, and become a kernel', async ({
  page
}) => {
  const form = await begin('List of packages');
  await form.getByLabel('Name').fill('chosen');
  await form.getByLabel('Python').selectOption({ label: '3.11' });
  const field = form.getByRole('combobox', { name: 'Add a package' });
  const options = form.getByRole('listbox').getByRole('option');
  await field.focus();
  await page.keyboard.type('tabul');
  await expect(options).toHaveText(/^tabulate 0\.9\.0/);
  await expect(field).toHaveAttribute('aria-expanded', 'true');
  await page.keyboard.press('ArrowDown');
  await expect(options.first()).toHaveAttribute('aria-selected', 'true');
  await expect(field).toHaveAttribute(
    'aria-activedescendant',
    (await options.first().getAttribute('id')) as string
  );
  await lab.expectAccessible('.jp-Envlink-begin', 'begin-packages');
  await page.keyboard.press('Enter');
  await expect(field).toHaveValue('');
  await form.getByLabel('Version of tabulate').selectOption('0.8.10');

  await field.fill('py');
  await expect(options.first()).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(options.first()).toBeHidden();
  await field.fill('no-such-package');
  await expect(form).toContainText('No package has that in its name.');
  await page.keyboard.press('Enter');
  await expect(form).toContainText('No channel has a package no-such-package');
  await lab.shots('begin-packages-unknown');
  await form.getByRole('button', { name: 'Remove no-such-package' }).click();

  await lab.button(form, 'Continue').click();
  await expectFile('chosen', 'python=3.11', 'tabulate=0.8.10', 'conda-forge');
  await lab.button(lab.view, 'Create').click();
  await expect(lab.job('Create chosen')).toHaveAttribute(
    'data-status',
    'succeeded',
    { timeout: 90 * 1000 }
  );
  await lab.showLauncher();
  await expect(lab.card('chosen')).toBeVisible();
});

test('an environment that is there is where another begins', async () => {
  await lab.openPanel();
  let form = await begin('Existing environment');
  await form.getByLabel('Environment').selectOption({ label: await label() });
  await lab.expectAccessible('.jp-Envlink-begin', 'begin-existing');
  await form.getByLabel('Begin with the versions that it has').check();
  await lab.button(form, 'Continue').click();
  await expect(lab.view).toContainText(/python=3\.\d+\.\d+/);
  await lab.closeView();

  form = await begin('Existing environment');
  await form.getByLabel('Environment').selectOption({ label: await label() });
  await lab.button(form, 'Continue').click();
  await expect(lab.dialog).toContainText('Clone bare');
});

/** How the environment without a kernel is offered. */
async function label(): Promise<string> {
  return `bare (${fs.realpathSync(path.join(HOME, 'envs', 'bare'))})`;
}

test('the button of an editor takes what is not saved', async ({ page }) => {
  await lab.file('edited', 'environment.yml', SMALL);
  await lab.file('edited', 'compose.yml', ['services:', '  web: {}']);
  await lab.file('edited', 'other.yml', SMALL);
  const button = page.getByRole('button', { name: 'Create environment' });
  await page.filebrowser.open('edited/compose.yml');
  await expect(page.locator('.jp-FileEditor')).toBeVisible();
  await page.filebrowser.open('edited/other.yml');
  await expect(button).toBeVisible();
  await page.activity.closeAll();
  const looked = page.waitForResponse(/envlink\/api\/check/);
  await page.filebrowser.open('edited/compose.yml');
  await expect(page.locator('.jp-FileEditor')).toBeVisible();
  await (await looked).finished();
  await expect(button).toBeHidden();

  await page.filebrowser.open('edited/environment.yml');
  await page.locator('.jp-FileEditor:visible .cm-content').click();
  await page.keyboard.press('Control+Home');
  await page.keyboard.type('# changed here\n');
  await expect(button).toBeVisible();
  await lab.shots('begin-editor');
  await button.click();
  await expectFile('dropped', 'envlink-text-prefix');
});

test('Notebook 7 has the ways to begin among its tabs', async ({ page }) => {
  const tree = await page.context().newPage();
  await tree.goto('/tree');
  await tree.waitForFunction(() => window.jupyterapp?.restored);
  await tree.evaluate(async () => {
    await window.jupyterapp.restored;
    await window.jupyterapp.commands.execute(
      'jupyter_envlink:new-environment',
      { way: 'paste' }
    );
  });
  const form = tree.getByRole('tabpanel', { name: 'Pasted text' });
  await form.getByLabel('Text of the file').fill(SMALL.join('\n'));
  await lab.shot('begin-notebook7', tree);
  await tree.close();
});
