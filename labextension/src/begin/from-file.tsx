import { useAttempt } from './attempt';
import { Form } from './form';
import type { IBeginProps } from './view';

import * as React from 'react';

const FIELD = 'jp-envlink-begin-path';

/** A file below the server's root folder. */
export function FromFile({
  begin,
  chooseFile,
  done,
  trans
}: IBeginProps): JSX.Element {
  const [path, setPath] = React.useState('');
  const attempt = useAttempt();
  return (
    <Form
      attempt={attempt}
      busy={trans.__('Opening it…')}
      isIncomplete={path.trim() === ''}
      submit={async () => {
        await begin.file(path.trim());
        done();
      }}
      trans={trans}
    >
      <div className="jp-Envlink-field">
        <label htmlFor={FIELD}>{trans.__('Path of the file')}</label>
        <div className="jp-Envlink-withButton">
          <input
            id={FIELD}
            className="jp-mod-styled"
            dir="ltr"
            autoComplete="off"
            spellCheck={false}
            aria-describedby={`${FIELD}-note`}
            value={path}
            onChange={event => setPath(event.target.value)}
          />
          <button
            type="button"
            className="jp-mod-styled"
            onClick={async () => setPath((await chooseFile()) || path)}
          >
            {trans.__('Browse…')}
          </button>
        </div>
        <p id={`${FIELD}-note`} className="jp-Envlink-note">
          {trans.__(
            'You can also right-click it in the file browser, or drop it on the panel of environments.'
          )}
        </p>
      </div>
    </Form>
  );
}
