import { ErrorBox } from '../parts';
import type { IAttempt } from './attempt';

import type { TranslationBundle } from '@jupyterlab/translation';

import * as React from 'react';

/** What a person fills in, with what goes on from there, and why it did not. */
export function Form(props: {
  attempt: IAttempt;
  children: React.ReactNode;
  /** Whether something is missing. */
  isIncomplete: boolean;
  /** What is said while it is under way. */
  busy: string;
  submit: () => Promise<void>;
  accept?: string;
  trans: TranslationBundle;
}): JSX.Element {
  const { accept, attempt, busy, isIncomplete, submit, trans } = props;
  const isStopped = isIncomplete || attempt.isBusy;
  return (
    <form
      className="jp-Envlink-form"
      noValidate
      onSubmit={event => {
        event.preventDefault();
        if (!isStopped) {
          attempt.make(submit);
        }
      }}
    >
      {props.children}
      {attempt.error && <ErrorBox error={attempt.error} />}
      <div className="jp-Envlink-formEnd">
        <button
          type="submit"
          className="jp-mod-styled jp-mod-accept"
          aria-disabled={isStopped}
        >
          {accept ?? trans.__('Continue')}
        </button>
        <span role="status">{attempt.isBusy ? busy : ''}</span>
      </div>
    </form>
  );
}
