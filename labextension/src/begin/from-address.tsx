import { useAttempt } from './attempt';
import { Form } from './form';
import type { IBeginProps } from './view';

import * as React from 'react';

const FIELD = 'jp-envlink-begin-url';

/** A file that the server fetches. */
export function FromAddress({
  begin,
  done,
  model,
  trans
}: IBeginProps): JSX.Element {
  const [url, setUrl] = React.useState('');
  const attempt = useAttempt();
  const asked = React.useRef<AbortController | null>(null);
  React.useEffect(() => () => asked.current?.abort(), []);
  return (
    <Form
      attempt={attempt}
      busy={trans.__('Fetching it…')}
      isIncomplete={url.trim() === ''}
      submit={async () => {
        asked.current = new AbortController();
        await begin.text(await model.fetch(url, asked.current.signal));
        done();
      }}
      trans={trans}
    >
      <div className="jp-Envlink-field">
        <label htmlFor={FIELD}>{trans.__('Address of the file')}</label>
        <input
          id={FIELD}
          className="jp-mod-styled"
          type="url"
          dir="ltr"
          placeholder="https://"
          autoComplete="off"
          spellCheck={false}
          aria-describedby={`${FIELD}-note`}
          aria-invalid={attempt.error !== null}
          value={url}
          onChange={event => {
            setUrl(event.target.value);
            attempt.forget();
          }}
        />
        <p id={`${FIELD}-note`} className="jp-Envlink-note">
          {trans.__(
            'The server fetches it, without any login of yours. Pages of GitHub, GitLab and Bitbucket, and gists, are read as the files that they show.'
          )}
        </p>
      </div>
    </Form>
  );
}
