import { countWords, FEW, Part, sentence } from './changes';
import type { Envlink } from './tokens';

import type { TranslationBundle } from '@jupyterlab/translation';

import * as React from 'react';

/** What of a plan changes something, beside the packages of conda. */
interface IOthers {
  pip: IPipRow[];
  variables: Envlink.IVariableChange[];
}

/** What becomes of a package of pip's. */
interface IPipRow {
  item: string;
  said: string;
}

/** `12 to install, 3 to upgrade, 1 with pip.` */
export function differenceWords(
  plan: Envlink.IPlan,
  trans: TranslationBundle
): string {
  const { pip, variables } = othersOf(plan, trans);
  const words = plan.solution ? countWords(plan.solution.changes, trans) : [];
  if (pip.length > 0) {
    words.push(pipWord(pip, trans));
  }
  if (variables.length > 0) {
    words.push(variableWord(variables, trans));
  }
  return sentence(words, trans);
}

/** What an update changes beside the packages of conda; nothing where an environment is created. */
export function OtherChanges(props: {
  plan: Envlink.IPlan;
  trans: TranslationBundle;
}): JSX.Element {
  const { plan, trans } = props;
  const { pip, variables } = othersOf(plan, trans);
  const stranded = plan.solution?.pip_stranded ?? [];
  return (
    <>
      {pip.length > 0 && (
        <Part summary={pipWord(pip, trans)} isOpen={pip.length <= FEW}>
          {pip.map(({ item, said }, index) => (
            <tr key={index}>
              <th scope="row">{item}</th>
              <td>{said}</td>
            </tr>
          ))}
        </Part>
      )}
      {stranded.length > 0 && (
        <p className="jp-Envlink-problem" role="status">
          {trans.__(
            'Python changes its minor version. What pip has installed for the present one is not seen by the new one: %1',
            stranded.map(each => `${each.name} ${each.version}`).join(', ')
          )}
        </p>
      )}
      {variables.length > 0 && (
        <Part
          summary={variableWord(variables, trans)}
          isOpen={variables.length <= FEW}
        >
          {variables.map(({ from, name, to }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{from === null ? to : `${from} → ${to}`}</td>
            </tr>
          ))}
        </Part>
      )}
    </>
  );
}

function othersOf(plan: Envlink.IPlan, trans: TranslationBundle): IOthers {
  const variables = plan.variable_changes ?? [];
  if (plan.pip_steps) {
    return { pip: rowsOf(plan.pip_steps, trans), variables };
  }
  const changes = (plan.pip_changes ?? [])
    .filter(({ change }) => change !== 'keep' && change !== 'skip')
    .map(change => ({
      item: change.item,
      said: pipChangeWords(change, trans)
    }));
  const removed = (plan.pip_removed ?? []).map(({ name, version }) => ({
    item: name,
    said: trans.__('%1 is removed', version)
  }));
  return {
    pip: [...changes, ...removed],
    variables
  };
}

/** What uv takes away of a package and what it brings are one row. */
function rowsOf(
  steps: Envlink.IPipStep[],
  trans: TranslationBundle
): IPipRow[] {
  const names = [...new Set(steps.map(each => each.name))];
  return names.map(item => {
    const versions = (action: Envlink.IPipStep['action']) =>
      steps
        .filter(each => each.name === item && each.action === action)
        .map(each => each.version ?? trans.__('(to be built)'));
    const [from] = versions('uninstalled');
    const [to] = versions('installed');
    if (to === undefined) {
      return { item, said: trans.__('%1 is removed', from) };
    }
    return { item, said: from === undefined ? to : `${from} → ${to}` };
  });
}

function pipWord(pip: unknown[], trans: TranslationBundle): string {
  return trans.__('%1 with pip', pip.length);
}

function variableWord(variables: unknown[], trans: TranslationBundle): string {
  return trans._n('%1 variable', '%1 variables', variables.length);
}

function pipChangeWords(
  { change, installed }: Envlink.IPipChange,
  trans: TranslationBundle
): string {
  if (change === 'install') {
    return trans.__('is installed');
  }
  return change === 'unknown' || installed === null
    ? trans.__('pip decides')
    : trans.__('%1 is replaced', installed);
}
