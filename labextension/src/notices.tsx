import type { IViewProps } from './parts';
import { Problem } from './parts';
import type { Envlink } from './tokens';

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
      {info?.registration_problem && (
        <Problem
          className="jp-Envlink-notice"
          problem={info.registration_problem}
        />
      )}
    </>
  );
}

/** Who lists the kernels instead, and what follows from that. */
function aside(info: Envlink.IInfo, trans: TranslationBundle): string {
  const who = info.manager
    ? trans.__(
        'This server is configured to list its kernels through %1, so envlink stands aside.',
        info.manager
      )
    : trans.__(
        'This server is configured to list its kernels through a manager of its own, so envlink stands aside.'
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
