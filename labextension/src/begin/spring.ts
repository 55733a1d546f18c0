/** Milliseconds for which something is held over a tab before what it stands for opens. */
const HELD = 400;

/**
 * Open a panel while a file is dragged over its tab: the file browser may be on the same side, and hide it.
 *
 * @param id - of the panel, which its tab bears
 * @param open - brings the panel into view
 */
export function springOpen(id: string, open: () => void): void {
  let timer: number | undefined;
  const onEnter = ({ target }: Event) => {
    if (target === document.body) {
      return; // Lumino asks it after whatever does not take the file
    }
    window.clearTimeout(timer);
    const isTab =
      target instanceof Element && target.closest(`[data-id="${id}"]`);
    timer = isTab ? window.setTimeout(open, HELD) : undefined;
  };
  const onEnd = () => window.clearTimeout(timer);
  for (const type of ['dragenter', 'lm-dragenter']) {
    document.addEventListener(type, onEnter, true);
  }
  for (const type of ['drop', 'dragend', 'pointerup']) {
    document.addEventListener(type, onEnd, true);
  }
}
