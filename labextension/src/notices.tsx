import type { IViewProps } from './parts';
import { Problem } from './parts';
import type { Envlink } from './tokens';
import { ageWord } from './words';

import type { TranslationBundle } from '@jupyterlab/translation';

import * as React from 'react';

/** What a person should know before they wonder, above the list. */
export function Notices(props: IViewProps): JSX.Element {
  const { model, trans } = props;
  const { info } = model;
  return (
    <>
      {info?.kernel_spec_manager === false && (
        <p className="jp-Envlink-notice">{aside(info, trans)}</p>
      )}
      {info?.read_only && (
        <p className="jp-Envlink-notice">
          {trans.__(
            'Whoever runs this server allows no changes to environments.'
          )}
        </p>
      )}
      {model.stale.map(each => (
        <p key={each.folder} className="jp-Envlink-notice">
          {staleness(each, trans)}
        </p>
      ))}
      {problemsOf(info).map(problem => (
        <Problem
          key={problem.code}
          className="jp-Envlink-notice"
          problem={problem}
        />
      ))}
    </>
  );
}

/** Which folder does not answer, and how old what is shown of it is. */
function staleness(stale: Envlink.IStale, trans: TranslationBundle): string {
  const { age, folder } = stale;
  return age === null
    ? trans.__('%1 does not answer: what is in it is not known.', folder)
    : trans.__(
        '%1 does not answer: what it held %2 ago is shown.',
        folder,
        ageWord(age, trans)
      );
}

/** What concerns all environments. */
function problemsOf(info: Envlink.IInfo | null): Envlink.IProblem[] {
  const found = [info?.registration_problem, info?.inner_manager?.problem];
  return found.filter((each): each is Envlink.IProblem => !!each);
}

/** Who lists the kernels instead, and what follows from that. */
function aside(info: Envlink.IInfo, trans: TranslationBundle): string {
  const who = trans.__(
    'This server is configured to list its kernels through %1, so envlink stands aside.',
    info.manager
  );
  const what =
    info.registration === 'none'
      ? trans.__(
          'Nothing is registered on the disk either: what is shown here does not appear in the kernel menu.'
        )
      : trans.__(
          'An environment appears in the kernel menu once its kernel is registered on the disk, if that manager looks there.'
        );
  return `${who} ${what}`;
}
