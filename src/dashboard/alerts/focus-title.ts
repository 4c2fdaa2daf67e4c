export const TITLE_ID = 'alerts-title';

/** Where the focus goes when what had it is gone. */
export function focusTitle(): void {
  document.getElementById(TITLE_ID)?.focus();
}
