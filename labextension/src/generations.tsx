import { Changes, changesNothing } from './changes';
import type { IRowProps } from './side-panel/environment-cell';
import type { EnvlinkError } from './error';
import { CommandIDs } from './ids';
import { hasEnded } from './jobs';
import { generationWord, timeWord } from './moments';
import { changeObstacle } from './offer';
import { ActionButton, ErrorBox } from './parts';
import type { Envlink, IEnvlinkModel, IJobChange } from './tokens';

import * as React from 'react';

/** How an environment was before, each with what going back to it would change; nothing where it was not otherwise. */
export function Generations(props: IRowProps): JSX.Element | null {
  const { environment, model, trans } = props;
  const { error, generations } = useGenerations(model, environment.id);
  if (error) {
    return <ErrorBox error={error} />;
  }
  return generations.length > 0 ? (
    <section className="jp-Envlink-generations">
      <h4>{trans.__('Earlier states')}</h4>
      <ol aria-label={trans.__('Earlier states of %1', environment.name)}>
        {generations.map(generation => (
          <Generation
            key={generation.number}
            {...props}
            generation={generation}
          />
        ))}
      </ol>
    </section>
  ) : null;
}

function Generation(
  props: IRowProps & { generation: Envlink.IGeneration }
): JSX.Element {
  const { commands, environment, generation, trans } = props;
  const { changes, created, number } = generation;
  const time = timeWord(created);
  return (
    <li data-generation={number}>
      <div className="jp-Envlink-title">
        <span>{generationWord(generation, trans)}</span>
        <time dateTime={created}>{time}</time>
      </div>
      <p className="jp-Envlink-hint">
        {changesNothing(changes)
          ? trans.__('Rolling back changes no package.')
          : trans.__('Rolling back:')}
      </p>
      <Changes changes={changes} trans={trans} />
      <div className="jp-Envlink-buttons">
        <ActionButton
          label={trans.__(
            'Roll %1 back to how it was until %2',
            environment.name,
            time
          )}
          reason={changeObstacle(props)}
          onClick={() =>
            void commands.execute(CommandIDs.rollBack, {
              id: environment.id,
              generation: number
            })
          }
        >
          {trans.__('Roll back…')}
        </ActionButton>
      </div>
    </li>
  );
}

interface IGenerations {
  generations: Envlink.IGeneration[];
  error: EnvlinkError | null;
}

const NONE: IGenerations = { generations: [], error: null };

/** Those of an environment, asked for again when a job has changed it. */
function useGenerations(model: IEnvlinkModel, id: string): IGenerations {
  const [found, setFound] = React.useState(NONE);
  React.useEffect(() => {
    let current = true;
    const read = async () => {
      try {
        const generations = await model.generations(id);
        if (current) {
          setFound({ generations, error: null });
        }
      } catch (reason) {
        if (current) {
          setFound({ generations: [], error: reason as EnvlinkError });
        }
      }
    };
    const onJob = (_: unknown, { job }: IJobChange) => {
      if (job.environment_id === id && hasEnded(job)) {
        void read();
      }
    };
    void read();
    model.jobChanged.connect(onJob);
    return () => {
      current = false;
      model.jobChanged.disconnect(onJob);
    };
  }, [model, id]);
  return found;
}
