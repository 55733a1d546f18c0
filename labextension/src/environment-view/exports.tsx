import { copyText } from '../copying';
import type { EnvlinkError } from '../error';
import { CommandIDs } from '../ids';
import { ActionButton, ErrorBox } from '../parts';
import { download } from '../saving';
import type { Envlink } from '../tokens';
import { formatWord } from '../words';
import type { IPartProps } from './parts';

import * as React from 'react';

/** The format that is no text, but written by a job. */
const PACK = 'pack';

/** What has become of an export. */
interface IOutcome {
  said: string;
  error: Pick<EnvlinkError, 'message' | 'remedy'> | null;
}

/** An error of the server, or of the browser, which says less. */
function asShown(reason: unknown): Pick<EnvlinkError, 'message' | 'remedy'> {
  const { message, remedy } = reason as EnvlinkError;
  return { message, remedy: remedy ?? '' };
}

/** Each format that it can be had in, to copy, to download, or to save beside the other files. */
export function Exports(props: IPartProps): JSX.Element {
  const { environment, trans } = props;
  const [outcome, setOutcome] = React.useState<IOutcome>({
    said: '',
    error: null
  });
  return (
    <>
      {environment.exports.length === 0 && (
        <p className="jp-EnvlinkView-quiet">
          {trans.__('It cannot be exported as it is.')}
        </p>
      )}
      <ul
        className="jp-EnvlinkView-list"
        aria-label={trans.__('Formats to export %1 as', environment.name)}
      >
        {environment.exports.map(format => (
          <Format key={format} {...props} format={format} onDone={setOutcome} />
        ))}
      </ul>
      {outcome.error && <ErrorBox error={outcome.error} />}
      <p role="status">{outcome.said}</p>
    </>
  );
}

function Format(
  props: IPartProps & { format: string; onDone: (outcome: IOutcome) => void }
): JSX.Element {
  const { commands, environment, format, model, onDone, trans } = props;
  const { id } = environment;
  const word = formatWord(format, trans);
  const [isBusy, setBusy] = React.useState(false);
  const reason = isBusy ? trans.__('It is being written.') : null;
  const use = async (
    said: (filename: string) => string,
    take: (done: Envlink.IExport) => void | Promise<void>
  ) => {
    setBusy(true);
    onDone({ said: '', error: null });
    try {
      const done = await model.export(id, format);
      await take(done);
      onDone({ said: said(done.filename), error: null });
    } catch (error) {
      onDone({ said: '', error: asShown(error) });
    }
    setBusy(false);
  };
  return (
    <li className="jp-EnvlinkView-row" data-format={format}>
      <span>{word}</span>
      {format !== PACK && (
        <>
          <ActionButton
            label={trans.__('Copy: %1', word)}
            reason={reason}
            onClick={() =>
              void use(
                name => trans.__('The text of %1 was copied.', name),
                ({ text }) => copyText(text)
              )
            }
          >
            {trans.__('Copy')}
          </ActionButton>
          <ActionButton
            label={trans.__('Download: %1', word)}
            reason={reason}
            onClick={() =>
              void use(name => trans.__('%1 is downloaded.', name), download)
            }
          >
            {trans.__('Download')}
          </ActionButton>
        </>
      )}
      <ActionButton
        label={trans.__('Save beside the other files: %1', word)}
        onClick={() =>
          void commands.execute(CommandIDs.exportEnvironment, { id, format })
        }
      >
        {trans.__('Save')}
      </ActionButton>
    </li>
  );
}
