import { ActionButton, ErrorBox } from '../parts';
import type { Draft } from './draft';

import type { TranslationBundle } from '@jupyterlab/translation';

import * as React from 'react';

/** What is to be known about the file itself: it could not be read or written, or somebody has changed or deleted it. */
export function FileState(props: {
  draft: Draft;
  trans: TranslationBundle;
}): JSX.Element | null {
  const { draft, trans } = props;
  if (draft.isOutdated) {
    return (
      <ErrorBox
        error={{
          message: trans.__(
            '%1 was changed by somebody else since it was read, and is not saved.',
            draft.path ?? ''
          ),
          remedy: trans.__(
            'Overwrite it with what is here, or take what is on the disk.'
          )
        }}
      >
        <ActionButton
          tone="warn"
          label={trans.__('Overwrite the file')}
          onClick={() => void draft.save(true)}
        >
          {trans.__('Overwrite')}
        </ActionButton>
        <ActionButton
          label={trans.__('Take what is on the disk')}
          onClick={() => void draft.revert()}
        >
          {trans.__('Take what is on the disk')}
        </ActionButton>
      </ErrorBox>
    );
  }
  if (draft.isGone) {
    return (
      <ErrorBox
        error={{
          message: trans.__('%1 was deleted.', draft.path ?? ''),
          remedy: trans.__('Save it to have it again.')
        }}
      />
    );
  }
  return draft.problem && <ErrorBox error={draft.problem} />;
}
