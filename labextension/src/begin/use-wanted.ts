import type { EnvlinkError } from '../error';
import type { IEnvlinkModel } from '../tokens';
import type { IWanted } from './wish';
import { isName } from './wish';

import * as React from 'react';

/** The packages that were chosen, and how they become others. */
export interface IWantedState {
  wanted: readonly IWanted[];
  /** Add a name, whose versions are asked for, or a whole spec. */
  add: (spec: string) => void;
  setVersion: (spec: string, version: string) => void;
  remove: (spec: string) => void;
}

/** See `IWantedState`. */
export function useWanted(
  model: IEnvlinkModel,
  channels: readonly string[]
): IWantedState {
  const [wanted, setWanted] = React.useState<readonly IWanted[]>([]);
  const change = (spec: string, changed: Partial<IWanted>) =>
    setWanted(known =>
      known.map(each => (each.spec === spec ? { ...each, ...changed } : each))
    );
  const look = (spec: string) =>
    model.package(spec, channels).then(
      ({ versions }) => change(spec, { versions }),
      reason => change(spec, { problem: (reason as EnvlinkError).message })
    );
  return {
    wanted,
    add: spec => {
      if (!wanted.some(each => each.spec === spec)) {
        const added = { spec, version: '', versions: [], problem: '' };
        setWanted([...wanted, added]);
        void (isName(spec) && look(spec));
      }
    },
    setVersion: (spec, version) => change(spec, { version }),
    remove: spec => setWanted(wanted.filter(each => each.spec !== spec))
  };
}
