import type { IJupyterLabPageFixture } from '@jupyterlab/galata';
import { expect } from '@jupyterlab/galata';
import { AxeBuilder } from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';

import * as fs from 'fs';
import * as path from 'path';

/** The home of the server; see `playwright.config.js`. */
export const HOME = process.env.ENVLINK_UI_HOME as string;

const SCREENSHOTS = path.join(__dirname, '..', 'test-results', 'screenshots');

/** What a person does in the page, as far as it concerns environments. */
export class Lab {
  constructor(readonly page: IJupyterLabPageFixture) {}

  get panel(): Locator {
    return this.page.locator('#jp-envlink-panel');
  }

  get dialog(): Locator {
    return this.page.locator('.jp-Dialog');
  }

  environment(name: string): Locator {
    return this.panel.locator(`[data-environment="${name}"]`);
  }

  /** The view in front in which an environment is created or updated from a file or a text. */
  get view(): Locator {
    return this.page.locator('.jp-Envlink-createWidget:visible');
  }

  /** The newest job of an operation on an environment, in the panel or in the view that has begun it. */
  job(title: string): Locator {
    return this.page
      .locator('[data-job]:visible')
      .filter({ has: this.page.getByText(title, { exact: true }) })
      .first();
  }

  /** Run one of our commands, by what it is called after the colon. */
  async execute(
    command: string,
    args: { [name: string]: unknown } = {}
  ): Promise<void> {
    await this.page.evaluate(
      async ([id, given]) => {
        await window.jupyterapp.commands.execute(id, given as never);
      },
      [`jupyter_envlink:${command}`, args] as const
    );
  }

  /** The page has written down what is to come back with it: a word in an entry, by how that begins. */
  async kept(entry: string, word: string): Promise<void> {
    const read = () =>
      this.page.evaluate(async name => {
        const { workspaces } = window.jupyterapp.serviceManager;
        const { data } = await workspaces.fetch('default');
        const found = Object.entries(data).filter(([key]) =>
          key.startsWith(name)
        );
        return found.map(([, value]) => JSON.stringify(value));
      }, entry);
    await expect
      .poll(read, `${entry} is kept`)
      .toContainEqual(expect.stringContaining(word));
  }

  async openPanel(): Promise<void> {
    await this.page.sidebar.openTab('jp-envlink-panel' as never);
    await expect(this.panel).toBeVisible();
  }

  /** Put a file into the project and show its folder. */
  async file(folder: string, name: string, lines: string[]): Promise<string> {
    fs.mkdirSync(path.join(HOME, 'project', folder), { recursive: true });
    const file = path.join(folder, name);
    fs.writeFileSync(path.join(HOME, 'project', file), lines.join('\n') + '\n');
    await this.page.sidebar.openTab('filebrowser');
    await this.openFolder(folder);
    await this.page.evaluate(() =>
      window.jupyterapp.commands.execute('filebrowser:refresh')
    );
    await expect(
      this.page.locator(`.jp-DirListing-item[title^="Name: ${name}"]`)
    ).toBeVisible();
    return file;
  }

  /** Show a folder in the file browser, whichever others have names that begin alike. */
  async openFolder(folder: string): Promise<void> {
    await this.page.evaluate(
      path =>
        window.jupyterapp.commands.execute('filebrowser:open-path', { path }),
      folder
    );
  }

  /** Right-click a file and choose "Create environment…". */
  async chooseCreate(name: string): Promise<Locator> {
    await this.page.menu.openContextMenuLocator(
      `.jp-DirListing-item:has-text("${name}")`
    );
    await this.page
      .getByRole('menuitem', { name: 'Create environment…' })
      .click();
    await expect(this.view).toBeVisible();
    return this.view;
  }

  /** The launcher comes to the front. */
  async showLauncher(): Promise<void> {
    await this.page.getByRole('tab', { name: 'Launcher' }).click();
  }

  /** Close the view in front; what is in it need not be saved. */
  async closeView(): Promise<void> {
    await this.page.evaluate(() =>
      window.jupyterapp.commands.execute('application:close')
    );
    const discard = this.button(this.dialog, 'Discard');
    await expect(async () => {
      if (await discard.isVisible()) {
        await discard.click();
      }
      await expect(this.view).toHaveCount(0, { timeout: 1000 });
    }).toPass();
  }

  button(within: Locator, text: string): Locator {
    return within
      .locator('button')
      .filter({ hasText: new RegExp(`^${text}$`) });
  }

  /** A button of an environment that is shown once its row is unfolded. */
  async seldom(environment: Locator, text: string): Promise<Locator> {
    const wanted = this.button(environment, text);
    // The row may only be on its way, as its kernel's card is shown by another request.
    await expect(async () => {
      if ((await environment.getAttribute('aria-expanded')) === 'false') {
        await environment.locator('.jp-Envlink-twisty').click();
      }
      await expect(wanted).toBeVisible({ timeout: 1000 });
    }).toPass();
    return wanted;
  }

  /** Show an environment's own view, as a person at the keyboard does. */
  async openEnvironment(environment: Locator): Promise<void> {
    await environment.focus();
    await this.page.keyboard.press('Enter');
  }

  /** Open a notebook in an environment, by the picture in its row. */
  async openNotebook(environment: Locator): Promise<void> {
    const name = /^Open a notebook in /;
    await environment.getByRole('button', { name }).first().click();
  }

  /** The card of a kernel in the launcher. */
  card(environment: string): Locator {
    return this.page.locator(
      `.jp-LauncherCard[data-category="Notebook"][title^="${environment} ("]`
    );
  }

  async shot(
    name: string,
    page: Pick<Page, 'screenshot'> = this.page
  ): Promise<void> {
    await page.screenshot({ path: path.join(SCREENSHOTS, `${name}.png`) });
  }

  /**
   * No rule of WCAG 2 A or AA that a program can check is broken within, in the light theme or the dark one. With a
   * name a picture is taken in each.
   */
  async expectAccessible(where: string | Locator, name = ''): Promise<void> {
    await this.inBothThemes(async theme => {
      if (name) {
        await this.shot(`${name}-${theme}`);
      }
      expect.soft(await this.violations(where), theme).toEqual([]);
    });
  }

  /** Look at something in the light theme, and in the dark one. */
  async inBothThemes(
    look: (theme: 'light' | 'dark') => Promise<void>
  ): Promise<void> {
    await this.theme('JupyterLab Light');
    await look('light');
    await this.theme('JupyterLab Dark');
    await look('dark');
    await this.theme('JupyterLab Light');
  }

  /** Each rule that is broken, with the elements that break it. */
  private async violations(
    where: string | Locator
  ): Promise<[string, string[]][]> {
    const page = this.page as unknown as Page;
    const within = typeof where === 'string' ? where : await marked(where);
    const { violations } = await new AxeBuilder({ page })
      .include(within)
      .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
      .analyze();
    return violations.map(({ id, nodes }) => [
      id,
      nodes.map(node => `${node.html} ${node.failureSummary ?? ''}`)
    ]);
  }

  /** A picture in the light theme, and one in the dark theme. */
  async shots(name: string): Promise<void> {
    await this.inBothThemes(theme => this.shot(`${name}-${theme}`));
  }

  /** Change the theme without the menu, which an open dialog would not let pass. */
  async theme(name: string): Promise<void> {
    await this.page.evaluate(
      theme =>
        window.jupyterapp.commands.execute('apputils:change-theme', { theme }),
      name
    );
    await expect
      .poll(() => this.page.evaluate(() => document.body.dataset.jpThemeName))
      .toBe(name);
    // JupyterLab covers the page meanwhile; then colours go over into others.
    await expect(this.page.locator('#jupyterlab-splash')).toHaveCount(0);
    await this.page.evaluate(async () => {
      const ends = document
        .getAnimations()
        .filter(each => each instanceof CSSTransition)
        .map(each => each.finished);
      await Promise.allSettled(ends);
    });
  }
}

/** A selector of one element, and of nothing else. */
async function marked(where: Locator): Promise<string> {
  await where.evaluate(node => {
    const before = document.querySelector('[data-looked-at]');
    before?.removeAttribute('data-looked-at');
    node.setAttribute('data-looked-at', '');
  });
  return '[data-looked-at]';
}
