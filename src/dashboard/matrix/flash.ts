/** How long a cell that changed stays bright, milliseconds. */
const FLASH_MS = 200;

const still = window.matchMedia('(prefers-reduced-motion: reduce)');
const bright = new Set<HTMLElement>();
let timer: ReturnType<typeof setTimeout> | undefined;

/**
 * Brightens a cell for a moment. All that change with the same push go dark again together: whoever
 * looks sees one change, and the page is drawn twice, not once a cell.
 */
export function flash(cell: HTMLElement): void {
  if (still.matches) return;
  cell.dataset['flash'] = '';
  bright.add(cell);
  timer ??= setTimeout(() => {
    timer = undefined;
    for (const each of bright) delete each.dataset['flash'];
    bright.clear();
  }, FLASH_MS);
}
