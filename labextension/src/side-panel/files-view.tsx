import { CommandIDs } from '../ids';
import type { NearbyFiles } from '../nearby-files';
import type { IViewProps } from '../parts';
import { ActionButton, ErrorBox } from '../parts';
import type { Envlink } from '../tokens';
import { fileKind } from '../words';

import { errorIcon, ReactWidget, UseSignal } from '@jupyterlab/ui-components';

import type { Message } from '@lumino/messaging';

import * as React from 'react';

export interface IFilesProps extends IViewProps {
  files: NearbyFiles;
}

/** The environment files near what a person has open, each with what can be made of it. */
export class FilesView extends ReactWidget {
  constructor(private _props: IFilesProps) {
    super();
    this.addClass('jp-Envlink-section');
  }

  protected onAfterAttach(message: Message): void {
    super.onAfterAttach(message);
    this._props.files.watch(this.isVisible);
  }

  protected onAfterShow(message: Message): void {
    super.onAfterShow(message);
    this._props.files.watch(true);
  }

  protected onAfterHide(message: Message): void {
    super.onAfterHide(message);
    this._props.files.watch(false);
  }

  protected render(): JSX.Element {
    const { files, model } = this._props;
    return (
      <UseSignal signal={model.stateChanged}>
        {() => (
          <UseSignal signal={files.changed}>
            {() => <Files {...this._props} />}
          </UseSignal>
        )}
      </UseSignal>
    );
  }
}

/** See `FilesView`. */
export function Files(props: IFilesProps): JSX.Element {
  const { files, model, trans } = props;
  const { error, found } = files;
  // Where nothing can be read, the list of environments says so.
  if (error && !model.error) {
    return (
      <ErrorBox error={error}>
        <ActionButton
          label={trans.__('Retry to look for environment files')}
          onClick={() => files.lookAgain()}
        >
          {trans.__('Retry')}
        </ActionButton>
      </ErrorBox>
    );
  }
  if (error && found.files.length === 0) {
    return <></>;
  }
  return found.files.length > 0 ? (
    <>
      <ul
        className="jp-Envlink-list"
        aria-label={trans.__('Environment files near what is open')}
      >
        {found.files.map(file => (
          <FileRow key={file.path} {...props} file={file} />
        ))}
      </ul>
      {!found.is_whole && (
        <p className="jp-Envlink-empty">
          {trans.__('There are more than are shown.')}
        </p>
      )}
    </>
  ) : (
    <p className="jp-Envlink-empty">
      {found.folder
        ? trans.__('None lies in %1, or above it.', found.folder)
        : trans.__('None lies in the top folder.')}
    </p>
  );
}

function FileRow(
  props: IFilesProps & { file: Envlink.INearbyFile }
): JSX.Element {
  const { file, files } = props;
  const folder = file.path.slice(0, -file.name.length).replace(/\/$/, '');
  return (
    <li className="jp-Envlink-fileRow" data-envlink-file={file.path}>
      <div className="jp-Envlink-title">
        <span className="jp-Envlink-name" title={file.path}>
          <bdi>{file.name}</bdi>
        </span>
        <FileButton {...props} />
      </div>
      <div className="jp-Envlink-detail">
        <FileState {...props} />
        {folder !== files.found.folder && (
          <span className="jp-Envlink-folder" title={folder}>
            {props.trans.__('in %1', folder || '/')}
          </span>
        )}
      </div>
    </li>
  );
}

/** What became of the file so far. */
function FileState(
  props: IFilesProps & { file: Envlink.INearbyFile }
): JSX.Element {
  const { file, trans } = props;
  const { changes, environment, errors, obstacle } = file;
  if (errors > 0) {
    return (
      <span className="jp-Envlink-sign jp-Envlink-sign-bad">
        <errorIcon.react
          tag="span"
          className="jp-Envlink-icon"
          aria-hidden="true"
        />
        {trans._n('%1 mistake', '%1 mistakes', errors)}
      </span>
    );
  }
  if (environment === null) {
    return <span>{fileKind(file.format, trans)}</span>;
  }
  return (
    <>
      <span className="jp-Envlink-made">
        {changes === 0
          ? trans.__('%1 is up to date', environment)
          : trans.__('environment %1', environment)}
      </span>
      {obstacle && <span title={obstacle}>{trans.__('not for updates')}</span>}
    </>
  );
}

/** The one thing that is wanted of the file now. */
function FileButton(
  props: IFilesProps & { file: Envlink.INearbyFile }
): JSX.Element | null {
  const { commands, file, model, trans } = props;
  const { changes, environment, environment_id: id, obstacle, path } = file;
  const forbidden = model.info?.read_only
    ? trans.__('Whoever runs this server allows no changes to environments.')
    : null;
  if (environment === null || obstacle !== null) {
    return (
      <ActionButton
        tone={environment === null ? 'main' : undefined}
        label={trans.__('Create an environment from %1', path)}
        reason={forbidden}
        onClick={() =>
          void commands.execute(CommandIDs.createEnvironment, { path })
        }
      >
        {trans.__('Create…')}
      </ActionButton>
    );
  }
  return (
    <ActionButton
      tone={changes ? 'main' : undefined}
      label={trans.__('Update %1 from %2', environment, path)}
      reason={forbidden}
      onClick={() => void commands.execute(CommandIDs.update, { path, id })}
    >
      {changes
        ? trans._n('Update: %1 change', 'Update: %1 changes', changes)
        : trans.__('Update…')}
    </ActionButton>
  );
}
