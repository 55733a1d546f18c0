/**
 * A real JupyterLab with jupyter_envlink, in a home of its own, on a real conda channel, in a real Chromium.
 *
 * ENVLINK_CHROMIUM or CHROMIUM names the browser; without them the system's, else Playwright's own.
 * ENVLINK_TEST_CACHE is the folder that holds the channel, as for the Python tests.
 */
const fs = require('fs');
const os = require('os');
const path = require('path');

const baseConfig = require('@jupyterlab/galata/lib/playwright-config');

const PORT = Number(process.env.ENVLINK_UI_PORT || 8790);
const BASE_URL = `http://127.0.0.1:${PORT}`;

// This file is read again by each worker, which has the environment of the first reader.
process.env.ENVLINK_UI_HOME =
  process.env.ENVLINK_UI_HOME ||
  fs.mkdtempSync(path.join(os.tmpdir(), 'envlink-ui-'));
const HOME = process.env.ENVLINK_UI_HOME;

const chromium = [
  process.env.ENVLINK_CHROMIUM,
  process.env.CHROMIUM,
  '/usr/bin/chromium'
].find(each => each && fs.existsSync(each));

const isRoot = process.getuid && process.getuid() === 0;

module.exports = {
  ...baseConfig,
  testDir: 'tests',
  outputDir: 'test-results/artifacts',
  globalTeardown: require.resolve('./teardown.js'),
  reporter: [['list']],
  workers: 1,
  retries: process.env.CI ? 1 : 0,
  timeout: 120 * 1000,
  expect: {
    timeout: 15 * 1000,
    toHaveScreenshot: { animations: 'disabled', maxDiffPixelRatio: 0.01 }
  },
  snapshotPathTemplate: path.join(__dirname, 'references', '{arg}{ext}'),
  use: {
    ...baseConfig.use,
    baseURL: BASE_URL,
    viewport: { width: 1280, height: 800 },
    video: 'off',
    trace: 'off',
    screenshot: 'only-on-failure',
    launchOptions: {
      ...(chromium ? { executablePath: chromium } : {}),
      args: isRoot ? ['--no-sandbox'] : []
    }
  },
  webServer: [
    {
      command: 'python serve_channel.py',
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: '' },
      wait: { stdout: /slow channel at (?<envlink_slow_channel>\S+)/ },
      stdout: 'pipe',
      timeout: 300 * 1000
    },
    {
      command: 'python -m jupyterlab --config jupyter_server_test_config.py',
      env: {
        ...process.env,
        PYTHONDONTWRITEBYTECODE: '',
        HOME,
        CONDARC: path.join(HOME, 'condarc'),
        ENVLINK_UI_PORT: String(PORT),
        JUPYTER_CONFIG_DIR: path.join(HOME, 'config'),
        JUPYTER_DATA_DIR: path.join(HOME, 'data'),
        JUPYTER_RUNTIME_DIR: path.join(HOME, 'runtime'),
        JUPYTERLAB_GALATA_ROOT_DIR: path.join(HOME, 'project'),
        JUPYTERLAB_SETTINGS_DIR: path.join(HOME, 'settings'),
        JUPYTERLAB_WORKSPACES_DIR: path.join(HOME, 'workspaces'),
        // What this account has installed is not seen.
        CONDA_PREFIX: '',
        PYENV_ROOT: path.join(HOME, '.pyenv'),
        WORKON_HOME: path.join(HOME, '.virtualenvs'),
        PIP_FIND_LINKS: path.join(HOME, 'wheels'),
        PIP_NO_INDEX: '1',
        RATTLER_CACHE_DIR: path.join(HOME, 'cache')
      },
      url: `${BASE_URL}/lab`,
      gracefulShutdown: { signal: 'SIGTERM', timeout: 10 * 1000 },
      stdout: 'ignore',
      stderr: process.env.ENVLINK_UI_LOG ? 'pipe' : 'ignore',
      timeout: 120 * 1000
    }
  ]
};
