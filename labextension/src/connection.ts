import type { Envlink } from './contract';
import { EnvlinkError } from './error';

import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';

/** Where the server's API lies, below its base URL. */
const NAMESPACE = 'envlink/api';

/** Its code where Jupyter has refused, before anything of ours was asked. */
const REFUSED = 'forbidden';

/**
 * Requests to the server's API; nothing else of this extension fetches. Each rejects with an `EnvlinkError` only.
 */
export class Connection {
  constructor(
    private _settings: ServerConnection.ISettings,
    private _trans: TranslationBundle
  ) {}

  /** Send a request to a route, and read its answer. */
  async call<T>(
    method: string,
    route: string[],
    query = '',
    body?: object,
    signal?: AbortSignal
  ): Promise<T> {
    const url =
      URLExt.join(
        this._settings.baseUrl,
        NAMESPACE,
        ...route.map(encodeURIComponent)
      ) + query;
    const init: RequestInit = { method, signal };
    if (body !== undefined) {
      init.body = JSON.stringify(body);
    }
    const response = await this._send(url, init);
    const text = await response.text();
    const data = parse(text);
    const isEmpty = response.status === 204;
    if (!response.ok || (data === undefined && !isEmpty)) {
      throw this._error(response, data);
    }
    return data as T;
  }

  private async _send(url: string, init: RequestInit): Promise<Response> {
    try {
      return await ServerConnection.makeRequest(url, init, this._settings);
    } catch (reason) {
      const trans = this._trans;
      throw new EnvlinkError({
        code: 'unreachable',
        message: trans.__('The Jupyter server does not answer.'),
        remedy: trans.__(
          'Check that it is running and that you are connected, then retry.'
        ),
        details: { reason: String(reason) }
      });
    }
  }

  private _error(response: Response, data: unknown): EnvlinkError {
    if (isErrorBody(data) && data.code !== REFUSED) {
      return new EnvlinkError(
        { ...data, remedy: data.remedy ?? '', details: data.details ?? {} },
        response.status
      );
    }
    const trans = this._trans;
    // Routes of ours answer 404 with a body of ours: any other 404 means that there are none.
    if (response.status === 404) {
      return new EnvlinkError(
        {
          code: 'server-extension-missing',
          message: trans.__(
            'The server extension jupyter_envlink is not installed, or not enabled, on this server.'
          ),
          remedy: trans.__(
            'Run "pip install jupyter_envlink" where the server runs, then start the server again.'
          ),
          details: {}
        },
        404
      );
    }
    const said = (data as { message?: unknown } | undefined)?.message;
    const words = typeof said === 'string' && said ? said : response.statusText;
    return new EnvlinkError(
      {
        code: `http-${response.status}`,
        ...(isRefusal(response)
          ? this._refusal(response, words)
          : {
              message: trans.__(
                'The server answered %1: %2',
                response.status,
                words
              ),
              remedy: trans.__('The log of the server says more.')
            }),
        details: {}
      },
      response.status
    );
  }

  /** Of the server itself, not of ours: a token or a session that is over, above all. */
  private _refusal(
    { status }: Response,
    words: string
  ): { message: string; remedy: string } {
    const trans = this._trans;
    return {
      message: trans.__(
        'This page is not logged in to the server any more, or may not do this (%1: %2).',
        status,
        words
      ),
      remedy: trans.__(
        'Log in again: reload this page, or open the server in another tab. If that does not help, ask whoever runs this server.'
      )
    };
  }
}

function isRefusal({ status }: Response): boolean {
  return status === 401 || status === 403;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isErrorBody(data: unknown): data is Envlink.IErrorBody {
  const body = data as Partial<Envlink.IErrorBody> | null | undefined;
  return typeof body?.code === 'string' && typeof body?.message === 'string';
}
