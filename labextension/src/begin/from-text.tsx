import { useAttempt } from './attempt';
import type { IBeginProps } from './view';
import { Form } from './form';

import * as React from 'react';

const FIELD = 'jp-envlink-begin-text';

/** A text that is pasted; the server tells what it is. */
export function FromText({ begin, done, trans }: IBeginProps): JSX.Element {
  const [text, setText] = React.useState('');
  const attempt = useAttempt();
  return (
    <Form
      attempt={attempt}
      busy={trans.__('Opening it…')}
      isIncomplete={text.trim() === ''}
      submit={async () => {
        await begin.text({ text, filename: null });
        done();
      }}
      trans={trans}
    >
      <div className="jp-Envlink-field">
        <label htmlFor={FIELD}>{trans.__('Text of the file')}</label>
        <textarea
          id={FIELD}
          className="jp-mod-styled"
          rows={14}
          spellCheck={false}
          autoComplete="off"
          aria-describedby={`${FIELD}-note`}
          value={text}
          onChange={event => setText(event.target.value)}
        />
        <p id={`${FIELD}-note`} className="jp-Envlink-note">
          {trans.__(
            'An environment.yml, a list for pip, a lock file, an @EXPLICIT list, or a pyproject.toml.'
          )}
        </p>
      </div>
    </Form>
  );
}
