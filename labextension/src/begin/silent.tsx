import { timeWord } from '../moments';
import { ErrorBox } from '../parts';
import type { Envlink } from '../tokens';

import type { TranslationBundle } from '@jupyterlab/translation';

import * as React from 'react';

/** Channels that could not be asked, and of when what is known of them is. */
export function Silent(props: {
  channels: readonly Envlink.ISearchedChannel[];
  trans: TranslationBundle;
}): JSX.Element {
  const { channels, trans } = props;
  return (
    <>
      {channels.map(
        ({ age, problem, url }) =>
          problem && (
            <ErrorBox
              key={url}
              error={{
                message: problem.message,
                remedy:
                  age === null
                    ? trans.__('Nothing is known of its packages.')
                    : trans.__('What it had at %1 is shown.', momentOf(age))
              }}
            />
          )
      )}
    </>
  );
}

/** The moment so many seconds ago. */
function momentOf(age: number): string {
  return timeWord(new Date(Date.now() - age * 1000).toISOString());
}
