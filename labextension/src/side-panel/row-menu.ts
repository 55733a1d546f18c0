/**
 * Open the context menu of a row, or of something in it, as a right click there would: what it offers is declared in the
 * settings, and can be changed there.
 */
export function openRowMenu(node: Element | null): void {
  if (!node) {
    return;
  }
  const { bottom, height, left, right } = node.getBoundingClientRect();
  const isTurned = getComputedStyle(node).direction === 'rtl';
  node.dispatchEvent(
    new MouseEvent('contextmenu', {
      bubbles: true,
      cancelable: true,
      composed: true,
      clientX: isTurned ? right : left,
      clientY: Math.round(bottom - Math.min(height / 2, 24)),
      view: window
    })
  );
}
