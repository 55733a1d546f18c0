import { EnvlinkApi } from '../api';
import { EnvlinkError } from '../error';
import { environment, FakeServer, job, trans } from './server';

let server: FakeServer;
let api: EnvlinkApi;

beforeEach(() => {
  server = new FakeServer();
  api = new EnvlinkApi(server.settings, trans);
});

afterEach(() => server.restore());

async function failure(call: Promise<unknown>): Promise<EnvlinkError> {
  const reason = await call.then(
    () => null,
    reason => reason
  );
  expect(reason).toBeInstanceOf(EnvlinkError);
  return reason;
}

describe('EnvlinkApi', () => {
  it('asks below the base URL of the server', async () => {
    server.environments = [environment()];
    expect((await api.environments()).environments).toEqual([environment()]);
    await api.environments(true);
    expect(server.requests.map(each => each.path)).toEqual([
      'envlink/api/environments',
      'envlink/api/environments?refresh=1'
    ]);
  });

  it('sends a file by its path, with the name', async () => {
    server.routes['POST envlink/api/environments'] = () => ({
      status: 202,
      body: job()
    });
    const request = { path: 'a b/environment.yml', name: 'finance' };
    expect((await api.create(request)).id).toBe(job().id);
    expect(server.requests[0].body).toEqual(request);
  });

  it('asks for force only where it was said', async () => {
    const accepted = () => ({ status: 202, body: job() });
    server.routes['DELETE envlink/api/environments/aaaaaaaaaaaa'] = accepted;
    server.routes['DELETE envlink/api/environments/aaaaaaaaaaaa?force=1'] =
      accepted;
    await api.remove('aaaaaaaaaaaa');
    await api.remove('aaaaaaaaaaaa', true);
    expect(server.requests[0].path).not.toContain('force');
    expect(server.requests[1].path).toContain('?force=1');
  });

  it('lets no id out of its place in the path', async () => {
    await failure(api.cancel('../environments/x?force=1'));
    expect(server.requests[0].path).toBe(
      'envlink/api/jobs/..%2Fenvironments%2Fx%3Fforce%3D1'
    );
  });

  it('gives the error of the server as it is', async () => {
    const diagnostics = [{ line: 3, column: 5, message: 'colon' }];
    server.routes['POST envlink/api/plan'] = () => ({
      status: 400,
      body: {
        code: 'invalid-file',
        message: 'environment.yml cannot be read.',
        remedy: 'Mend line 3.',
        details: { diagnostics }
      }
    });
    const error = await failure(api.plan({ path: 'environment.yml' }));
    expect(error).toMatchObject({
      code: 'invalid-file',
      message: 'environment.yml cannot be read.',
      remedy: 'Mend line 3.',
      status: 400
    });
    expect(error.diagnostics).toEqual(diagnostics);
    expect(error.kernels).toEqual([]);
  });

  it('keeps "no such job" apart from "no such API"', async () => {
    server.routes['GET envlink/api/jobs/12345678'] = () => ({
      status: 404,
      body: { code: 'not-found', message: 'No such job.' }
    });
    const ours = await failure(api.job('12345678'));
    expect(ours).toMatchObject({ code: 'not-found', remedy: '', details: {} });

    server.routes['GET envlink/api/jobs'] = () => ({
      status: 404,
      body: '<html>404 : Not Found</html>'
    });
    const theirs = await failure(api.jobs());
    expect(theirs.code).toBe('server-extension-missing');
    expect(theirs.remedy).toContain('pip install jupyter_envlink');
  });

  it('says that the server does not answer', async () => {
    server.isDown = true;
    const error = await failure(api.environments());
    expect(error.code).toBe('unreachable');
    expect(error.remedy).toContain('running');
  });

  it('says what another handler of the server has said', async () => {
    server.routes['GET envlink/api/info'] = () => ({
      status: 403,
      body: { message: 'Forbidden', reason: null }
    });
    const error = await failure(api.info());
    expect(error.message).toContain('403');
    expect(error.message).toContain('Forbidden');
    expect(error.remedy).toContain('Log in');
  });

  it('says how to log in again where Jupyter refuses, whoever words it', async () => {
    server.routes['GET envlink/api/info'] = () => ({
      status: 403,
      body: { code: 'forbidden', message: 'Forbidden', remedy: 'Ask.' }
    });
    const error = await failure(api.info());
    expect(error.message).toContain('not logged in');
    expect(error.remedy).toContain('reload this page');
  });

  it('takes an answer that is not JSON for an error', async () => {
    server.routes['GET envlink/api/info'] = () => ({ status: 200, body: '<' });
    expect((await failure(api.info())).code).toBe('http-200');
  });
});
