import type { ChildProcess } from 'child_process';
import { spawn } from 'child_process';
import * as path from 'path';

import { HOME } from './lab';

const { webServer } = require('../playwright.config.js');

/** Milliseconds within which a server starts on a loaded machine. */
const STARTED = 60 * 1000;

/** A server of one test's own, on the same environments: to be killed, started again, and told otherwise. */
export class OwnServer {
  constructor(
    readonly port = Number(process.env.ENVLINK_UI_PORT || 8790) + 50
  ) {}

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Start it, and wait until it answers; its secret is another one for each `name`. */
  async start(name: string, ...words: string[]): Promise<void> {
    const folder = path.join(HOME, `own-${name}`);
    const { command, env } = webServer[1];
    const [program, ...given] = command.split(' ');
    this._process = spawn(program, [...given, ...words], {
      env: {
        ...env,
        ENVLINK_UI_PORT: String(this.port),
        JUPYTER_RUNTIME_DIR: path.join(folder, 'runtime'),
        JUPYTERLAB_WORKSPACES_DIR: path.join(folder, 'workspaces')
      },
      stdio: 'ignore'
    });
    const deadline = Date.now() + STARTED;
    while (!(await this._answers())) {
      if (Date.now() > deadline) {
        throw new Error(`No answer from ${this.url}`);
      }
      await new Promise(done => setTimeout(done, 200));
    }
  }

  /** As the system does where memory is short: nothing is said, nothing is put in order. */
  async kill(): Promise<void> {
    const ended = new Promise(done => this._process?.once('exit', done));
    if (this._process?.kill('SIGKILL')) {
      await ended;
    }
    this._process = undefined;
  }

  private async _answers(): Promise<boolean> {
    try {
      return (await fetch(`${this.url}/login`)).status < 500;
    } catch {
      return false;
    }
  }

  private _process?: ChildProcess;
}
