import { timeWord } from '../moments';
import { ActionButton } from '../parts';
import type { Envlink } from '../tokens';
import { sizeWord } from '../words';
import { DiskPicture } from './disk-picture';
import type { IPartProps } from './parts';
import { Answered, Unreadable } from './parts';
import { Bar, Swatch } from './patterns';
import type { IReading } from './reading';
import { useReading } from './reading';
import type { IPart } from './shares';
import { KINDS, kindWord, parts } from './shares';

import type { TranslationBundle } from '@jupyterlab/translation';

import * as React from 'react';

/** Rows shown before somebody asks for the others. */
const SHORT = 20;

interface IDiskProps extends IPartProps {
  /** Show why a package is there, by its key. */
  onPackage: (key: string) => void;
}

/** Where the disk goes: as a picture, and the same as a table. */
export function Disk(props: IDiskProps): JSX.Element {
  const { environment, model, trans } = props;
  const reading = useReading(
    (anew, signal) => model.disk(environment.id, anew, signal),
    [model, environment.id, environment.size?.total]
  );
  return (
    <>
      <Measuring reading={reading} trans={trans} />
      <Answered
        reading={reading}
        awaited={trans.__('Measuring. Large environments take some seconds…')}
        draw={usage => <Usage {...props} usage={usage} />}
        trans={trans}
      />
    </>
  );
}

/** When it was measured, and the buttons that measure it anew or give that up. */
function Measuring(props: {
  reading: IReading<Envlink.IDiskUsage>;
  trans: TranslationBundle;
}): JSX.Element {
  const { reading, trans } = props;
  const { again, isReading, stop, value } = reading;
  return (
    <div className="jp-EnvlinkView-bar">
      {isReading ? (
        <ActionButton
          tone="warn"
          label={trans.__('Stop measuring')}
          onClick={stop}
        >
          {trans.__('Stop')}
        </ActionButton>
      ) : (
        <ActionButton label={trans.__('Measure again')} onClick={again}>
          {value ? trans.__('Measure again') : trans.__('Measure')}
        </ActionButton>
      )}
      {value && (
        <span>
          {trans.__('Measured:')}{' '}
          <time dateTime={value.measured}>{timeWord(value.measured)}</time>
        </span>
      )}
    </div>
  );
}

function Usage(props: IDiskProps & { usage: Envlink.IDiskUsage }): JSX.Element {
  const { onPackage, trans, usage } = props;
  const all = React.useMemo(() => parts(usage, trans), [usage, trans]);
  return (
    <>
      <Unreadable
        paths={usage.unreadable}
        said={trans.__(
          'These folders could not be looked into, so they do not count:'
        )}
      />
      <p>
        {trans.__(
          '%1 on the disk, of which %2 are only here: removing it frees that much.',
          sizeWord(usage.total),
          sizeWord(usage.unique)
        )}
      </p>
      {!usage.exact && (
        <p className="jp-Envlink-hint">
          {trans.__(
            'This file system can share parts of files without a trace: what is only here is that much at most.'
          )}
        </p>
      )}
      <dl className="jp-EnvlinkView-key">
        {KINDS.filter(kind => usage[kind] > 0).map(kind => (
          <div key={kind}>
            <dt>
              <Swatch kind={kind} /> {kindWord(kind, trans)}
            </dt>
            <dd>{sizeWord(usage[kind])}</dd>
          </div>
        ))}
      </dl>
      <DiskPicture
        parts={all}
        label={trans.__(
          'A tile for each package, as large as its share of the disk; press one to see why it is there. The table below says the same.'
        )}
        onOpen={part => onPackage(part.key)}
        trans={trans}
      />
      <DiskTable {...props} all={all} />
      <Kept {...props} />
    </>
  );
}

function DiskTable(props: IPartProps & { all: IPart[] }): JSX.Element {
  const { all, environment, trans } = props;
  const [isWhole, setWhole] = React.useState(false);
  const shown = isWhole ? all : all.slice(0, SHORT);
  return (
    <>
      <table className="jp-EnvlinkView-table jp-EnvlinkView-disk">
        <caption>
          {trans.__('Where the disk of %1 goes', environment.name)}
        </caption>
        <thead>
          <tr>
            <th scope="col">{trans.__('What')}</th>
            <td />
            <th scope="col" className="jp-EnvlinkView-number">
              {trans.__('Total')}
            </th>
            <th scope="col" className="jp-EnvlinkView-number">
              {trans.__('Only here')}
            </th>
          </tr>
        </thead>
        <tbody>
          {shown.map(part => (
            <tr key={part.key}>
              <th scope="row">{part.name}</th>
              <td>
                <Bar part={part} largest={all[0].share.total} />
              </td>
              <td className="jp-EnvlinkView-number">
                {sizeWord(part.share.total)}
              </td>
              <td className="jp-EnvlinkView-number">
                {sizeWord(part.share.unique)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {shown.length < all.length && (
        <ActionButton
          label={trans.__('Show all that takes room')}
          onClick={() => setWhole(true)}
        >
          {trans.__('%1 more', all.length - shown.length)}
        </ActionButton>
      )}
    </>
  );
}

/** What earlier states cost, beside what the environment itself takes. */
function Kept(
  props: IPartProps & { usage: Envlink.IDiskUsage }
): JSX.Element | null {
  const { trans, usage } = props;
  return usage.kept.length > 0 ? (
    <section>
      <h3>{trans.__('Kept beside it')}</h3>
      <ul>
        {usage.kept.map(({ bytes, created, number }) => (
          <li key={number}>
            {trans.__(
              'How it was until %1: %2 that nothing else needs',
              timeWord(created),
              sizeWord(bytes)
            )}
          </li>
        ))}
      </ul>
    </section>
  ) : null;
}
