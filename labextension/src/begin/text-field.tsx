import * as React from 'react';

/** A line of text with its label and, below it, what is to be known of it. */
export function TextField(props: {
  id: string;
  label: string;
  value: string;
  onChange: (value: string) => void;
  note?: string;
  placeholder?: string;
  isInvalid?: boolean;
  /** Whether it is written from left to right in all languages, as addresses and paths are. */
  isCode?: boolean;
  type?: 'text' | 'url';
  /** What stands beside it. */
  children?: React.ReactNode;
}): JSX.Element {
  const { id, isCode, isInvalid, label, note, onChange } = props;
  return (
    <div className="jp-Envlink-field">
      <label htmlFor={id}>{label}</label>
      <div className="jp-Envlink-withButton">
        <input
          id={id}
          className="jp-mod-styled"
          type={props.type ?? 'text'}
          dir={isCode ? 'ltr' : undefined}
          placeholder={props.placeholder}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          aria-describedby={note ? `${id}-note` : undefined}
          aria-invalid={isInvalid}
          value={props.value}
          onChange={event => onChange(event.target.value)}
        />
        {props.children}
      </div>
      {note && (
        <p id={`${id}-note`} className="jp-Envlink-note">
          {note}
        </p>
      )}
    </div>
  );
}
