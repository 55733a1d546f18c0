import { useAttempt } from './attempt';
import { Form } from './form';
import { TextField } from './text-field';
import type { IBeginProps } from './view';

import * as React from 'react';

/** How an address begins. */
const SCHEME = 'https://';

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
      <TextField
        id="jp-envlink-begin-url"
        label={trans.__('Address of the file')}
        type="url"
        placeholder={SCHEME}
        value={url}
        onChange={value => {
          setUrl(value);
          attempt.forget();
        }}
        note={trans.__(
          'The server fetches it, without any login of yours. Pages of GitHub, GitLab and Bitbucket, and gists, are read as the files that they show.'
        )}
        isInvalid={attempt.error !== null}
        isCode
      />
    </Form>
  );
}
