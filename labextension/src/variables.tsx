import { ActionButton } from './parts';

import type { TranslationBundle } from '@jupyterlab/translation';

import * as React from 'react';

/** One line of the table, as it is typed. */
export interface IVariable {
  /** Stays while the name is typed. */
  key: number;
  name: string;
  value: string;
}

/** The lines of a table that shows `variables`. */
export function linesOf(variables: { [name: string]: string }): IVariable[] {
  return Object.entries(variables).map(([name, value], key) => ({
    key,
    name,
    value
  }));
}

/** What is wrong with the lines, by their keys. */
export function variableErrors(
  lines: IVariable[],
  trans: TranslationBundle
): Map<number, string> {
  const errors = new Map<number, string>();
  const seen = new Set<string>();
  for (const { key, name, value } of lines.filter(isUsed)) {
    if (!name.trim()) {
      errors.set(key, trans.__('Give the value "%1" a name.', value));
    } else if (/[\s=]/.test(name.trim())) {
      errors.set(key, trans.__('A name has no space and no "=" in it.'));
    } else if (seen.has(name.trim())) {
      errors.set(key, trans.__('%1 is there twice.', name.trim()));
    }
    seen.add(name.trim());
  }
  return errors;
}

/** What to send so that the server's variables are those of the lines; nothing where they are. */
export function variableChanges(
  before: { [name: string]: string },
  lines: IVariable[]
): { [name: string]: string | null } {
  const now = new Map(
    lines.filter(isUsed).map(({ name, value }) => [name.trim(), value])
  );
  const changes: { [name: string]: string | null } = {};
  for (const name of Object.keys(before)) {
    if (!now.has(name)) {
      changes[name] = null;
    }
  }
  for (const [name, value] of now) {
    if (before[name] !== value) {
      changes[name] = value;
    }
  }
  return changes;
}

function isUsed({ name, value }: IVariable): boolean {
  return name.trim() !== '' || value !== '';
}

/** Names and values, one line each. */
export function Variables(props: {
  lines: IVariable[];
  errors: Map<number, string>;
  onChange: (lines: IVariable[]) => void;
  trans: TranslationBundle;
}): JSX.Element {
  const { errors, lines, onChange, trans } = props;
  const added = React.useRef<number | null>(null);
  const add = () => {
    added.current = Math.max(-1, ...lines.map(each => each.key)) + 1;
    onChange([...lines, { key: added.current, name: '', value: '' }]);
  };
  return (
    <fieldset className="jp-Envlink-field jp-Envlink-variables">
      <legend>{trans.__('Variables')}</legend>
      {lines.length > 0 && (
        <table>
          <thead>
            <tr>
              <th scope="col">{trans.__('Name')}</th>
              <th scope="col">{trans.__('Value')}</th>
              <td />
            </tr>
          </thead>
          <tbody>
            {lines.map(line => (
              <VariableLine
                key={line.key}
                line={line}
                error={errors.get(line.key)}
                isNew={line.key === added.current}
                onChange={now =>
                  onChange(lines.map(each => (each === line ? now : each)))
                }
                onRemove={() => onChange(lines.filter(each => each !== line))}
                trans={trans}
              />
            ))}
          </tbody>
        </table>
      )}
      <ActionButton label={trans.__('Add a variable')} onClick={add}>
        {trans.__('Add a variable')}
      </ActionButton>
      <p className="jp-Envlink-hint">
        {trans.__(
          'Set when the kernel starts. Whoever can see the list of kernels can read them: put no passwords or tokens here.'
        )}
      </p>
    </fieldset>
  );
}

function VariableLine(props: {
  line: IVariable;
  error: string | undefined;
  isNew: boolean;
  onChange: (line: IVariable) => void;
  onRemove: () => void;
  trans: TranslationBundle;
}): JSX.Element {
  const { error, isNew, line, onChange, onRemove, trans } = props;
  const name = line.name || trans.__('the new variable');
  const note = `jp-envlink-variable-${line.key}`;
  return (
    <>
      <tr>
        <td>
          <input
            className="jp-mod-styled"
            aria-label={trans.__('Name of %1', name)}
            aria-invalid={error !== undefined}
            aria-describedby={error && note}
            autoComplete="off"
            autoFocus={isNew}
            spellCheck={false}
            value={line.name}
            onChange={event => onChange({ ...line, name: event.target.value })}
          />
        </td>
        <td>
          <input
            className="jp-mod-styled"
            aria-label={trans.__('Value of %1', name)}
            autoComplete="off"
            spellCheck={false}
            value={line.value}
            onChange={event => onChange({ ...line, value: event.target.value })}
          />
        </td>
        <td>
          <ActionButton label={trans.__('Remove %1', name)} onClick={onRemove}>
            {trans.__('Remove')}
          </ActionButton>
        </td>
      </tr>
      {error && (
        <tr>
          <td colSpan={3} id={note} role="alert" className="jp-Envlink-fault">
            {error}
          </td>
        </tr>
      )}
    </>
  );
}
