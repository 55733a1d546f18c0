import type { EnvlinkError } from '../error';
import { timeWord } from '../moments';
import { ErrorBox } from '../parts';
import type { Envlink } from '../tokens';
import { useAttempt } from './attempt';
import { Form } from './form';
import { PackageField } from './package-field';
import { useSearch } from './use-search';
import type { IBeginProps } from './view';
import { WantedList } from './wanted';
import type { IWanted } from './wish';
import { channelsOf, isName, minors, specsOf } from './wish';

import type { TranslationBundle } from '@jupyterlab/translation';

import * as React from 'react';

const CHANNELS = 'jp-envlink-begin-channels';
const NAME = 'jp-envlink-begin-name';
const PYTHON = 'jp-envlink-begin-python';

/** The choice of no Python. */
const NONE = 'none';

/** A list of packages, with the version of Python first. */
export function FromPackages(props: IBeginProps): JSX.Element {
  const { begin, done, model, trans } = props;
  const [name, setName] = React.useState('');
  const [typed, setTyped] = React.useState('');
  const [query, setQuery] = React.useState('');
  const [python, setPython] = React.useState('');
  const [wanted, setWanted] = React.useState<readonly IWanted[]>([]);
  const channels = channelsOf(typed);
  const search = useSearch(model, query, channels);
  const pythons = usePythons(props, channels);
  const attempt = useAttempt();
  const specs = specsOf(python === NONE ? null : python, wanted);
  const change = (spec: string, changed: Partial<IWanted>) =>
    setWanted(known =>
      known.map(each => (each.spec === spec ? { ...each, ...changed } : each))
    );
  const add = (spec: string) => {
    if (wanted.some(each => each.spec === spec)) {
      return;
    }
    setWanted([...wanted, { spec, version: '', versions: [], problem: '' }]);
    if (isName(spec)) {
      model.package(spec, channels).then(
        ({ versions }) => change(spec, { versions }),
        reason => change(spec, { problem: (reason as EnvlinkError).message })
      );
    }
  };
  return (
    <Form
      attempt={attempt}
      busy={trans.__('Writing the file…')}
      isIncomplete={specs.length === 0}
      submit={async () => {
        const request = {
          packages: specs,
          channels: channels.length ? channels : namesOf(search.found),
          ...(name.trim() ? { name: name.trim() } : {})
        };
        await begin.text(await model.compose(request));
        done();
      }}
      trans={trans}
    >
      <div className="jp-Envlink-field">
        <label htmlFor={NAME}>{trans.__('Name')}</label>
        <input
          id={NAME}
          className="jp-mod-styled"
          autoComplete="off"
          spellCheck={false}
          value={name}
          onChange={event => setName(event.target.value)}
        />
      </div>
      <div className="jp-Envlink-field">
        <label htmlFor={PYTHON}>{trans.__('Python')}</label>
        <div className="jp-select-wrapper jp-mod-styled jp-Envlink-select">
          <select
            id={PYTHON}
            className="jp-mod-styled"
            value={python}
            onChange={event => setPython(event.target.value)}
          >
            <option value="">{trans.__('Any version that fits')}</option>
            {pythons.map(each => (
              <option key={each} value={each}>
                {each}
              </option>
            ))}
            <option value={NONE}>{trans.__('None')}</option>
          </select>
        </div>
      </div>
      <PackageField
        query={query}
        search={search}
        onQuery={setQuery}
        onAdd={add}
        trans={trans}
      />
      <WantedList
        wanted={wanted}
        onVersion={(spec, version) => change(spec, { version })}
        onRemove={spec => setWanted(wanted.filter(each => each.spec !== spec))}
        trans={trans}
      />
      <div className="jp-Envlink-field">
        <label htmlFor={CHANNELS}>{trans.__('Channels')}</label>
        <input
          id={CHANNELS}
          className="jp-mod-styled"
          dir="ltr"
          autoComplete="off"
          spellCheck={false}
          placeholder={namesOf(search.found).join(', ')}
          aria-describedby={`${CHANNELS}-note`}
          value={typed}
          onChange={event => setTyped(event.target.value)}
        />
        <p id={`${CHANNELS}-note`} className="jp-Envlink-note">
          {trans.__(
            'Asked in this order. Without any, those of the configuration are used.'
          )}
        </p>
      </div>
      {search.error && <ErrorBox error={search.error} />}
      <Silent channels={search.found?.channels ?? []} trans={trans} />
    </Form>
  );
}

/** Channels that could not be asked, and how old what is known of them is. */
function Silent(props: {
  channels: readonly Envlink.ISearchedChannel[];
  trans: TranslationBundle;
}): JSX.Element {
  const { channels, trans } = props;
  return (
    <>
      {channels.map(
        each =>
          each.problem && (
            <ErrorBox
              key={each.url}
              error={{
                message: each.problem.message,
                remedy:
                  each.age === null
                    ? trans.__('Nothing is known of its packages.')
                    : trans.__(
                        'What it had at %1 is shown.',
                        timeWord(
                          new Date(Date.now() - each.age * 1000).toISOString()
                        )
                      )
              }}
            />
          )
      )}
    </>
  );
}

/** The versions of Python that the channels have. */
function usePythons(
  { model }: IBeginProps,
  channels: readonly string[]
): string[] {
  const [versions, setVersions] = React.useState<string[]>([]);
  const key = channels.join('\n');
  React.useEffect(() => {
    let isCurrent = true;
    model.package('python', channels).then(
      found => isCurrent && setVersions(minors(found.versions)),
      // Why the channels cannot be asked is told by the search.
      () => isCurrent && setVersions([])
    );
    return () => void (isCurrent = false);
  }, [model, key]);
  return versions;
}

/** The channels that were searched, as a file names them: each once. */
function namesOf(found: Envlink.IPackages | null): string[] {
  const names = (found?.channels ?? []).map(each => each.name ?? each.url);
  return [...new Set(names)];
}
