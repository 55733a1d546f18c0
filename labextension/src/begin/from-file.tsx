import { useAttempt } from './attempt';
import { Form } from './form';
import { TextField } from './text-field';
import type { IBeginProps } from './view';

import * as React from 'react';

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
      <TextField
        id="jp-envlink-begin-path"
        label={trans.__('Path of the file')}
        value={path}
        onChange={setPath}
        note={trans.__(
          'You can also right-click it in the file browser, or drop it on the panel of environments.'
        )}
        isCode
      >
        <button
          type="button"
          className="jp-mod-styled"
          onClick={async () => setPath((await chooseFile()) || path)}
        >
          {trans.__('Browse…')}
        </button>
      </TextField>
    </Form>
  );
}
