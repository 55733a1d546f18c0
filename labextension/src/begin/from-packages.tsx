import { ErrorBox } from '../parts';
import type { Envlink } from '../tokens';
import { useAttempt } from './attempt';
import { Form } from './form';
import { PackageField } from './package-field';
import { NO_PYTHON, PythonField } from './python-field';
import { Silent } from './silent';
import { TextField } from './text-field';
import { useSearch } from './use-search';
import { useWanted } from './use-wanted';
import type { IBeginProps } from './view';
import { WantedList } from './wanted';
import { channelsOf, specsOf } from './wish';

import * as React from 'react';

/** Milliseconds without a key press after which channels that are typed are asked. */
const CHANNEL_PAUSE = 700;

/** A list of packages, with the version of Python first. */
export function FromPackages(props: IBeginProps): JSX.Element {
  const { begin, done, model, trans } = props;
  const [name, setName] = React.useState('');
  const [typed, setTyped] = React.useState('');
  const [query, setQuery] = React.useState('');
  const [python, setPython] = React.useState('');
  const channels = channelsOf(useSettled(typed));
  const search = useSearch(model, query, channels);
  const { add, remove, setVersion, wanted } = useWanted(model, channels);
  const attempt = useAttempt();
  const specs = specsOf(python === NO_PYTHON ? null : python, wanted);
  const submit = async () => {
    const request = {
      packages: specs,
      channels: allOf(channelsOf(typed), search.found),
      ...(name.trim() ? { name: name.trim() } : {})
    };
    await begin.text(await model.compose(request));
    done();
  };
  return (
    <Form
      attempt={attempt}
      busy={trans.__('Writing the file…')}
      isIncomplete={specs.length === 0}
      submit={submit}
      trans={trans}
    >
      <TextField
        id="jp-envlink-begin-name"
        label={trans.__('Name')}
        value={name}
        onChange={setName}
      />
      <PythonField
        channels={channels}
        model={model}
        value={python}
        onChange={setPython}
        trans={trans}
      />
      <PackageField
        query={query}
        search={search}
        onQuery={setQuery}
        onAdd={add}
        trans={trans}
      />
      <WantedList
        wanted={wanted}
        onVersion={setVersion}
        onRemove={remove}
        trans={trans}
      />
      <TextField
        id="jp-envlink-begin-channels"
        label={trans.__('Channels')}
        value={typed}
        onChange={setTyped}
        placeholder={namesOf(search.found).join(', ')}
        note={trans.__(
          'Asked in this order. Without any, those of the configuration are used.'
        )}
        isCode
      />
      {search.error && <ErrorBox error={search.error} />}
      <Silent channels={search.found?.channels ?? []} trans={trans} />
    </Form>
  );
}

/** A text once nobody has typed for a moment: half a channel's name is none that should be asked. */
function useSettled(text: string): string {
  const [settled, setSettled] = React.useState(text);
  React.useEffect(() => {
    const timer = setTimeout(() => setSettled(text), CHANNEL_PAUSE);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}

/** The channels of a file: those that were typed, then the configured ones, so that it means the same elsewhere. */
function allOf(typed: string[], found: Envlink.IPackages | null): string[] {
  return typed.includes('nodefaults')
    ? typed
    : [...new Set([...typed, ...namesOf(found)])];
}

/** The channels that were searched, as a file names them: each once. */
function namesOf(found: Envlink.IPackages | null): string[] {
  const names = (found?.channels ?? []).map(each => each.name ?? each.url);
  return [...new Set(names)];
}
