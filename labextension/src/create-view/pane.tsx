import { causesOf } from '../causes';
import type { IMending } from '../conflict';
import { Diagnostics, PlanError } from '../diagnostics';
import { useFixes } from '../fixes';
import { JobRow } from '../job';
import { hasEnded } from '../jobs';
import type { IPlace } from '../lines';
import type { IViewProps } from '../parts';
import { Contents, Solution } from '../plan';
import type { Envlink } from '../tokens';
import type { IPlanState } from '../use-plan';
import { usePlan } from '../use-plan';
import type { Draft } from './draft';
import { Equivalent } from './equivalent';
import { FileState } from './file-state';
import type { IFinding } from './findings';
import { findingsOf } from './findings';
import { Head } from './head';
import { mimeOf } from './mime';
import { useNews } from './news';
import { isMade } from './obstacle';
import { Solving } from './solving';
import { Starter } from './starter';
import { isChosen, subjectOf } from './subject';
import { isTyping, useAsked, useChanges } from './use-draft';
import type { Wish } from './wish';

import type { TranslationBundle } from '@jupyterlab/translation';

import { CommandRegistry } from '@lumino/commands';

import * as React from 'react';

/** What the plan beside a text is given. */
export interface IPaneProps extends IViewProps {
  draft: Draft;
  wish: Wish;
  /** Told what is to be said about the text that is shown, each time that this differs. */
  onFindings: (findings: IFinding[]) => void;
  /** Told once what there is to be seen first. */
  onFirst: (hasErrors: boolean) => void;
  /** Show a place of the text; left out where no text is shown. */
  onShow?: (place: IPlace) => void;
}

/** What would come of a text: what is wrong in it, how that is mended, what would change, and the button that does it. */
export function Pane(props: IPaneProps): JSX.Element {
  const { draft, model, onShow, trans, wish } = props;
  useChanges(model.stateChanged);
  useChanges(wish.changed);
  const job = newest(model.jobs, wish.now.job);
  const asked = useAsked(draft, job && hasEnded(job) ? 1 : 0);
  const state = useState(props, asked);
  const { error, plan, solved } = state;
  const news = useNews(solved, trans);
  const use = guarded(draft, asked);
  const fixes = useFixes({
    ...state,
    model,
    file: draft.file,
    onChange: use
  });
  const mending: IMending = { onShow, onUse: use };
  return (
    <div className="jp-Envlink-pane">
      <div className="jp-Envlink-paneBody">
        <FileState draft={draft} trans={trans} />
        {job && (
          <ul
            className="jp-Envlink-list jp-Envlink-made"
            aria-label={trans.__('What is being done')}
          >
            <JobRow {...props} job={job} />
          </ul>
        )}
        {error && <PlanError error={error} onShow={onShow} trans={trans} />}
        {!plan && !error && <p role="status">{readingWords(props, trans)}</p>}
        <Starter {...props} job={job} state={state}>
          <Head
            isMade={isMade({ job, plan })}
            model={model}
            plan={plan}
            trans={trans}
            wish={wish}
          />
        </Starter>
        {plan && (
          <>
            <Diagnostics
              diagnostics={error ? [] : plan.diagnostics}
              fixes={fixes}
              onShow={onShow}
              trans={trans}
            />
            {inOrder(
              state,
              <Contents
                key="contents"
                plan={contentsOf(state) ?? plan}
                trans={trans}
              />,
              <React.Fragment key="solution">
                <p className="jp-Envlink-news" role="status">
                  {news}
                </p>
                <Solving solving={state} trans={trans} />
                <Solution
                  isStopped={state.isStopped}
                  mending={mending}
                  plan={plan}
                  solved={state.isStale ? null : solved}
                  trans={trans}
                />
              </React.Fragment>
            )}
            {onShow && isMendable(state) && (
              <p className="jp-Envlink-hint">
                {trans.__(
                  'In the text, F8 goes to the next place, and %1 offers what helps there.',
                  CommandRegistry.formatKeystroke('Accel .')
                )}
              </p>
            )}
            <Equivalent {...props} plan={plan} />
          </>
        )}
      </div>
    </div>
  );
}

/** Whether there is a place in the text at which something is to be said. */
function isMendable({ error, plan, solved }: IPlanState): boolean {
  return (
    (error?.diagnostics ?? plan?.diagnostics ?? []).length > 0 ||
    causesOf(solved?.conflict ?? null).length > 0
  );
}

/** The job that was begun from here, or the one that has tried the same since. */
function newest(
  jobs: readonly Envlink.IJob[],
  id: string | undefined
): Envlink.IJob | null {
  const begun = jobs.find(each => each.id === id);
  const same = jobs.find(
    each =>
      each.operation === begun?.operation &&
      each.environment_id === begun.environment_id
  );
  return same ?? null;
}

/** What is known of the text, told to the editor, too. */
function useState(
  props: IPaneProps,
  asked: ReturnType<typeof useAsked>
): IPlanState {
  const { draft, model, onFindings, onFirst, trans, wish } = props;
  const planned = asked ?? {
    path: null,
    filename: null,
    text: null,
    revision: 0,
    round: 0
  };
  const state = usePlan(model, planned, asked && subjectOf(wish.now, model));
  const isStale = state.isStale || isTyping(draft, asked);
  const { error, plan, solved } = state;
  React.useEffect(() => {
    if (plan?.text && asked?.text === null) {
      draft.take(plan.text);
    }
    if (plan) {
      draft.model.mimeType = mimeOf(plan.format);
    }
  }, [plan]);
  React.useEffect(() => {
    if (!isStale || error) {
      onFindings(findingsOf({ error, plan, solved }, draft.text, trans));
    }
  }, [isStale, error, plan, solved]);
  const isKnown = plan !== null || error !== null;
  React.useEffect(() => {
    if (isKnown) {
      const said = error?.diagnostics ?? plan?.diagnostics ?? [];
      onFirst(said.some(each => each.severity === 'error'));
    }
  }, [isKnown]);
  return { ...state, isStale };
}

/** Puts a mended text in the place of the one that it was made from, unless that was changed meanwhile. */
function guarded(draft: Draft, asked: ReturnType<typeof useAsked>) {
  return (text: string) => {
    if (!isTyping(draft, asked)) {
      draft.text = text;
    }
  };
}

function readingWords(
  { draft, model, wish }: IPaneProps,
  trans: TranslationBundle
): string {
  if (!isChosen(wish.now, model) && !model.isLoading) {
    return trans.__('Choose the environment that is to be updated.');
  }
  return trans.__('Reading %1…', draft.named ?? trans.__('the text'));
}

/** What is made is known by what the file asks for; of what is changed, or does not go together, that comes first. */
function inOrder(
  { plan, solved }: IPlanState,
  contents: JSX.Element,
  solution: JSX.Element
): JSX.Element[] {
  return plan?.operation === 'update' || solved?.conflict
    ? [solution, contents]
    : [contents, solution];
}

/** What an archive holds is known once it has been read to its end. */
function contentsOf(state: IPlanState): Envlink.IPlan | null {
  return state.plan?.format === 'conda-pack' ? state.solved : state.plan;
}
