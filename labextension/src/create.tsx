import { NameField } from './name-field';
import type { IPreviewOptions } from './preview';
import { Preview } from './preview';

import * as React from 'react';

/** What is to be made: its name, and the file's text where it was changed here. */
export interface ICreation {
  name: string;
  text?: string;
}

/** What will be made from a file, under which name. */
export function CreatePreview(
  props: IPreviewOptions & {
    /** Told what would be made each time it changes; `null` while nothing can be created. */
    onChange: (creation: ICreation | null) => void;
  }
): JSX.Element {
  const { onChange, trans } = props;
  const [name, setName] = React.useState<string | null>(null);
  const subject = { quick: name === null ? {} : { name }, lasting: {} };
  return (
    <Preview
      {...props}
      subject={subject}
      onChange={feasible =>
        onChange(feasible && { ...feasible, name: name ?? feasible.name })
      }
      head={plan =>
        plan && (
          <NameField
            name={name ?? plan.name}
            prefix={plan.prefix}
            problem={plan.name_problem}
            trans={trans}
            onChange={setName}
          />
        )
      }
    />
  );
}
