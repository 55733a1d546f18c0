import { SplitHandle } from '../create-view/split-handle';

import { MessageLoop } from '@lumino/messaging';
import { SplitPanel, Widget } from '@lumino/widgets';

let panel: SplitPanel;
let handle: SplitHandle;

beforeEach(() => {
  panel = new SplitPanel();
  panel.addWidget(new Widget());
  panel.addWidget(new Widget());
  handle = new SplitHandle(panel, 'Size of the text');
  Widget.attach(panel, document.body);
});

afterEach(() => panel.dispose());

const attribute = (name: string) => panel.handles[0].getAttribute(name);

function press(key: string): number {
  const event = new KeyboardEvent('keydown', { key, cancelable: true });
  panel.handles[0].dispatchEvent(event);
  const [share] = panel.relativeSizes();
  handle.refresh();
  MessageLoop.flush();
  return Math.round(100 * share);
}

describe('SplitHandle', () => {
  it('says what it is, and where it stands', () => {
    expect(panel.handles[0].tabIndex).toBe(0);
    expect(attribute('role')).toBe('separator');
    expect(attribute('aria-label')).toBe('Size of the text');
    expect(attribute('aria-controls')).toBe(panel.widgets[0].id);
    expect(attribute('aria-orientation')).toBe('vertical');
    panel.setRelativeSizes([1, 3]);
    handle.refresh();
    expect(attribute('aria-valuenow')).toBe('25');
  });

  it('is moved by the keys along its way', () => {
    panel.setRelativeSizes([0.5, 0.5]);
    expect(press('ArrowRight')).toBe(55);
    panel.setRelativeSizes([0.5, 0.5]);
    expect(press('ArrowLeft')).toBe(45);
    panel.setRelativeSizes([0.5, 0.5]);
    expect(press('ArrowUp')).toBe(50);
    expect(press('Home')).toBe(0);
    expect(press('End')).toBe(100);
  });

  it('is moved up and down where one is above the other', () => {
    panel.orientation = 'vertical';
    panel.setRelativeSizes([0.5, 0.5]);
    expect(press('ArrowDown')).toBe(55);
    expect(attribute('aria-orientation')).toBe('horizontal');
  });
});
