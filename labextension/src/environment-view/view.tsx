import { ErrorBox, ActionButton } from '../parts';
import { CommandIDs } from '../ids';
import type { Envlink } from '../tokens';
import { Disk } from './disk';
import { Exports } from './exports';
import { Header } from './header';
import { History } from './history';
import { KernelsPart } from './kernels';
import { Packages } from './packages';
import type { IDetailProps, IPartProps } from './parts';
import { Answered } from './parts';
import { PastJobs } from './past-jobs';
import { useReading } from './reading';
import type { ITab } from './tabs';
import { Tabs } from './tabs';
import { ActivatedVariables } from './variables';

import * as React from 'react';

/** What an environment's view is given. */
export interface IViewProps extends Omit<IPartProps, 'environment'> {
  id: string;
  /** The id of the tab that is shown. */
  tab: string;
  onTab: (tab: string) => void;
  /** Why no terminal can be opened; `null` where one can. */
  terminalObstacle: () => string | null;
}

/** Everything about one environment. */
export function EnvironmentView(props: IViewProps): JSX.Element {
  const { id, model } = props;
  const environment = model.environments.find(each => each.id === id);
  return environment ? (
    <Known {...props} environment={environment} />
  ) : (
    <Gone {...props} />
  );
}

function Known(props: IViewProps & IPartProps): JSX.Element {
  const { environment, id, model, onTab, tab, trans } = props;
  const ended = lastEnded(model.jobs, id);
  const reading = useReading(
    () => model.detail(id),
    [model, environment, ended]
  );
  const [asked, setAsked] = React.useState('');
  const detailed = (draw: (of: IDetailProps) => JSX.Element) => () => (
    <Answered
      reading={reading}
      awaited={trans.__('Reading what is in it…')}
      draw={detail => draw({ ...props, detail })}
      trans={trans}
    />
  );
  const tabs: ITab[] = [
    {
      id: 'packages',
      label: trans.__('Packages'),
      draw: detailed(of => (
        <Packages {...of} asked={asked} onAnswered={() => setAsked('')} />
      ))
    },
    {
      id: 'disk',
      label: trans.__('Disk'),
      draw: () => (
        <Disk
          {...props}
          onPackage={key => {
            setAsked(key);
            onTab('packages');
          }}
        />
      )
    },
    {
      id: 'history',
      label: trans.__('History'),
      draw: detailed(of => <History {...of} />)
    },
    {
      id: 'jobs',
      label: trans.__('Jobs'),
      draw: () => <PastJobs {...props} />
    },
    {
      id: 'exports',
      label: trans.__('Exports'),
      draw: () => <Exports {...props} />
    },
    {
      id: 'variables',
      label: trans.__('Variables'),
      draw: detailed(of => <ActivatedVariables {...of} />)
    },
    {
      id: 'kernels',
      label: trans.__('Kernels'),
      draw: detailed(of => <KernelsPart {...of} />)
    }
  ];
  return (
    <>
      <Header {...props} />
      <Tabs
        label={trans.__('What there is to know of %1', environment.name)}
        tabs={tabs}
        chosen={tab}
        onChoose={onTab}
        prefix={`jp-envlink-view-${id}`}
      />
    </>
  );
}

/** Changes once a job has done something with it. */
function lastEnded(jobs: readonly Envlink.IJob[], id: string): string {
  const ended = jobs.filter(
    each => each.environment_id === id && each.finished
  );
  return ended.map(each => each.finished).join();
}

/** It is not, or not any more, or not yet in the list. */
function Gone(props: IViewProps): JSX.Element {
  const { commands, id, model, trans } = props;
  const removed = model.removed.find(each => each.environment_id === id);
  if (model.isLoading) {
    return (
      <p className="jp-EnvlinkView-quiet" role="status">
        {trans.__('Looking for environments…')}
      </p>
    );
  }
  if (model.error) {
    return <ErrorBox error={model.error} />;
  }
  return (
    <div className="jp-EnvlinkView-gone" role="status">
      <p>
        {removed
          ? trans.__('%1 was removed.', removed.name)
          : trans.__('This environment is not on this machine any more.')}
      </p>
      {removed && (
        <ActionButton
          tone="main"
          label={trans.__('Restore %1', removed.name)}
          onClick={() =>
            void commands.execute(CommandIDs.restore, { job: removed.job })
          }
        >
          {trans.__('Restore')}
        </ActionButton>
      )}
    </div>
  );
}
