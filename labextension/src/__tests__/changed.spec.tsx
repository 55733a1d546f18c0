import { Changed } from '../changed';
import { trans } from './server';

import * as React from 'react';
import { renderToStaticMarkup } from 'react-dom/server';

function shown(before: string, after: string): HTMLElement {
  const host = document.createElement('div');
  host.innerHTML = renderToStaticMarkup(
    <Changed before={before} after={after} trans={trans} />
  );
  return host;
}

describe('Changed', () => {
  it('shows what goes and what comes, with a little of what is around', () => {
    const lines = 'abcdefgh'.split('');
    const host = shown(
      lines.join('\r\n'),
      lines.map(each => (each === 'd' ? 'D' : each)).join('\r\n')
    );
    const text = host.querySelector('pre')?.textContent;
    expect(text).toBe(' b\n c\n-d\n+D\n e\n f\n');
    expect(host.querySelector('ins')?.textContent).toBe('+D\n');
    expect(host.querySelector('del')?.textContent).toBe('-d\n');
  });

  it('takes the text for text', () => {
    const host = shown('a\n', '<img src=x onerror=alert(1)>\n');
    expect(host.querySelector('img')).toBeNull();
    expect(host.textContent).toContain('+<img src=x');
  });
});
