import { CommandIDs } from '../ids';
import { ActionButton, Problem } from '../parts';
import type { Envlink } from '../tokens';
import type { IDetailProps, IPartProps } from './parts';

import * as React from 'react';

/** The kernels that it offers, and those that run in it now. */
export function KernelsPart(props: IDetailProps): JSX.Element {
  const { detail, environment, trans } = props;
  return (
    <>
      {environment.registration_problem && (
        <Problem problem={environment.registration_problem} />
      )}
      {detail.kernel_specs.length === 0 && (
        <p className="jp-EnvlinkView-quiet">
          {environment.problem?.message ??
            trans.__('It is not attached: no kernel of it is offered.')}
        </p>
      )}
      {detail.kernel_specs.map(kernel => (
        <Kernel key={kernel.name} {...props} kernel={kernel} />
      ))}
      <h3>{trans.__('Running')}</h3>
      {environment.running.length === 0 ? (
        <p className="jp-EnvlinkView-quiet">
          {trans.__('No kernel of this server runs in it.')}
        </p>
      ) : (
        <ul
          className="jp-EnvlinkView-list"
          aria-label={trans.__('Kernels that run in %1', environment.name)}
        >
          {environment.running.map(each => (
            <Running key={each.id} {...props} kernel={each} />
          ))}
        </ul>
      )}
    </>
  );
}

function Kernel(
  props: IPartProps & { kernel: Envlink.IOfferedKernel }
): JSX.Element {
  const { kernel, trans } = props;
  return (
    <section>
      <h3>{kernel.display_name}</h3>
      <dl className="jp-Envlink-facts">
        <dt>{trans.__('Name')}</dt>
        <dd>
          <code>{kernel.name}</code>
        </dd>
        {kernel.aliases.length > 0 && (
          <>
            <dt>{trans.__('Also found as')}</dt>
            <dd>
              <code>{kernel.aliases.join(' ')}</code>
            </dd>
          </>
        )}
        <dt>{trans.__('Language')}</dt>
        <dd>{kernel.language}</dd>
        <dt>{trans.__('Started by')}</dt>
        <dd>
          <code>{kernel.argv.join(' ')}</code>
        </dd>
        <dt>{trans.__('Registered')}</dt>
        <dd>
          {kernel.registered
            ? trans.__('Yes: nbconvert, papermill and others find it, too.')
            : trans.__('No: only this server offers it.')}
        </dd>
      </dl>
    </section>
  );
}

function Running(
  props: IPartProps & { kernel: Envlink.IRunningKernel }
): JSX.Element {
  const { commands, kernel, trans } = props;
  const { id, name, path } = kernel;
  const title = path ?? name;
  return (
    <li className="jp-EnvlinkView-row" data-kernel={id}>
      <bdi>{title}</bdi>
      {path !== null && (
        <ActionButton
          label={trans.__('Open %1', title)}
          onClick={() => void commands.execute('docmanager:open', { path })}
        >
          {trans.__('Open')}
        </ActionButton>
      )}
      <ActionButton
        tone="warn"
        label={trans.__('Shut down the kernel of %1', title)}
        onClick={() =>
          void commands.execute(CommandIDs.shutDownKernel, { kernel: id })
        }
      >
        {trans.__('Shut down')}
      </ActionButton>
    </li>
  );
}
