import type { IEnvlinkModel } from '../tokens';
import type { Beginner } from './beginner';
import { FromAddress } from './from-address';
import { FromExisting } from './from-existing';
import { FromFile } from './from-file';
import { FromPackages } from './from-packages';
import { FromText } from './from-text';
import type { Way } from './ways';
import { WAYS, wayWord } from './ways';

import type { TranslationBundle } from '@jupyterlab/translation';

import * as React from 'react';

/** What each way is given. */
export interface IBeginProps {
  begin: Beginner;
  /** Let the person choose a file; its path, or nothing. */
  chooseFile: () => Promise<string>;
  /** It has begun: nothing is left to do here. */
  done: () => void;
  model: IEnvlinkModel;
  trans: TranslationBundle;
}

const FORMS: { [way in Way]: (props: IBeginProps) => JSX.Element } = {
  packages: FromPackages,
  file: FromFile,
  paste: FromText,
  url: FromAddress,
  existing: FromExisting
};

/**
 * The ways in which a new environment begins, as tabs. What was filled in stays while another one is looked at.
 */
export function BeginView(
  props: IBeginProps & { way: Way; onWay: (way: Way) => void }
): JSX.Element {
  const { onWay, trans, way, ...others } = props;
  const tabs = React.useRef<HTMLDivElement>(null);
  const onKeyDown = (event: React.KeyboardEvent) => {
    const next = moved(way, event.key);
    if (next) {
      event.preventDefault();
      onWay(next);
      tabs.current?.querySelector<HTMLElement>(`[data-way="${next}"]`)?.focus();
    }
  };
  return (
    <div className="jp-Envlink-begin">
      <h1>{trans.__('New environment')}</h1>
      <p>
        {trans.__(
          'Nothing is made before you have seen what would come of it.'
        )}
      </p>
      <div className="jp-Envlink-ways">
        <div
          ref={tabs}
          role="tablist"
          aria-orientation="vertical"
          aria-label={trans.__('Begin with')}
          onKeyDown={onKeyDown}
        >
          {WAYS.map(each => (
            <button
              key={each}
              id={`jp-envlink-way-${each}`}
              type="button"
              role="tab"
              data-way={each}
              aria-selected={each === way}
              aria-controls={`jp-envlink-way-${each}-panel`}
              tabIndex={each === way ? 0 : -1}
              onClick={() => onWay(each)}
            >
              {wayWord(each, trans)}
            </button>
          ))}
        </div>
        {WAYS.map(each => {
          const Way = FORMS[each];
          return (
            <div
              key={each}
              id={`jp-envlink-way-${each}-panel`}
              role="tabpanel"
              aria-labelledby={`jp-envlink-way-${each}`}
              hidden={each !== way}
            >
              <Way {...others} trans={trans} />
            </div>
          );
        })}
      </div>
    </div>
  );
}

/** The way that a key leads to; both directions of arrows, as the tabs lie side by side where there is little room. */
function moved(way: Way, key: string): Way | undefined {
  const at = WAYS.indexOf(way);
  switch (key) {
    case 'ArrowDown':
    case 'ArrowRight':
      return WAYS[(at + 1) % WAYS.length];
    case 'ArrowUp':
    case 'ArrowLeft':
      return WAYS[(at + WAYS.length - 1) % WAYS.length];
    case 'Home':
      return WAYS[0];
    case 'End':
      return WAYS[WAYS.length - 1];
    default:
      return undefined;
  }
}
