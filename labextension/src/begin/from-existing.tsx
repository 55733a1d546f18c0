import { useAttempt } from './attempt';
import { Form } from './form';
import type { IBeginProps } from './view';

import { HTMLSelect, UseSignal } from '@jupyterlab/ui-components';

import * as React from 'react';

const FIELD = 'jp-envlink-begin-environment';

/** How much of an environment the new one has: a clone all, or what a format of its export says. */
const HOW = ['clone', 'yml-no-builds', 'from-history'] as const;

type How = (typeof HOW)[number];

/** An environment that is there: all of it, or the list of its packages to begin with. */
export function FromExisting(props: IBeginProps): JSX.Element {
  const { model } = props;
  return (
    <UseSignal signal={model.stateChanged}>
      {() => <Existing {...props} />}
    </UseSignal>
  );
}

function Existing({ begin, done, model, trans }: IBeginProps): JSX.Element {
  const { environments } = model;
  const [id, setId] = React.useState('');
  const [how, setHow] = React.useState<How>('clone');
  const attempt = useAttempt();
  const chosen = environments.find(each => each.id === id) ?? environments[0];
  const isOffered = (each: How) =>
    each === 'clone' ||
    (chosen?.exports as string[] | undefined)?.includes(each);
  const wanted = isOffered(how) ? how : 'clone';
  const words: { [key in How]: string } = {
    clone: trans.__('Clone it: every package, as it is there'),
    'yml-no-builds': trans.__('Begin with the versions that it has'),
    'from-history': trans.__('Begin with what was asked for')
  };
  return (
    <Form
      attempt={attempt}
      busy={trans.__('Reading it…')}
      isIncomplete={!chosen}
      submit={async () => {
        if (wanted === 'clone') {
          done();
          await begin.clone(chosen.id);
        } else {
          await begin.text(await model.export(chosen.id, wanted));
          done();
        }
      }}
      trans={trans}
    >
      <div className="jp-Envlink-field">
        <label htmlFor={FIELD}>{trans.__('Environment')}</label>
        <HTMLSelect
          id={FIELD}
          className="jp-Envlink-select"
          value={chosen?.id ?? ''}
          onChange={event => setId(event.target.value)}
        >
          {environments.map(each => (
            <option key={each.id} value={each.id}>
              {`${each.name} (${each.prefix})`}
            </option>
          ))}
        </HTMLSelect>
      </div>
      <fieldset className="jp-Envlink-formats">
        <legend>{trans.__('How')}</legend>
        {HOW.filter(isOffered).map(each => (
          <label key={each}>
            <input
              type="radio"
              name="jp-envlink-begin-how"
              value={each}
              checked={each === wanted}
              onChange={() => setHow(each)}
            />
            {words[each]}
          </label>
        ))}
      </fieldset>
    </Form>
  );
}
