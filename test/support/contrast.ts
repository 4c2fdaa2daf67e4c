import type { Locator, Page } from 'playwright-core';

/** The least contrast of words that WCAG AA allows. */
const LEAST = 4.5;

/** What colours an element's words have, and what is behind them, as numbers from 0 to 255. */
const DEFINE_CONTRAST = `window.contrastOf = (element) => {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 1;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  const layers = [];
  for (let at = element; at; at = at.parentElement) {
    layers.unshift(getComputedStyle(at).backgroundColor);
    // What is in the top layer lies over the page, not in its parents.
    if (at.matches('[popover], dialog')) break;
  }
  context.fillStyle = getComputedStyle(document.documentElement).getPropertyValue('--back');
  context.fillRect(0, 0, 1, 1);
  const paint = (colour) => {
    context.fillStyle = colour;
    context.fillRect(0, 0, 1, 1);
    const [r, g, b] = context.getImageData(0, 0, 1, 1).data;
    const linear = [r, g, b].map((value) => {
      const share = value / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
  };
  let behind = paint('#0000');
  for (const layer of layers) behind = paint(layer);
  const words = paint(getComputedStyle(element).color);
  const [light, dark] = words > behind ? [words, behind] : [behind, words];
  return (light + 0.05) / (dark + 0.05);
}`;

/**
 * What cannot be read among the controls of a page, in words: each as it is, under the pointer, with the
 * focus and pressed; those that are off as well.
 */
export async function contrastFaults(page: Page, within: string): Promise<string[]> {
  const faults: string[] = [];
  await page.evaluate(DEFINE_CONTRAST);
  const controls = page.locator(within).locator('button, select, a[href], input:not([type=range])');
  for (const control of await controls.all()) {
    if (!(await control.isVisible())) continue;
    const name = (await control.textContent()) || (await control.getAttribute('aria-label'));
    const look = async (state: string): Promise<void> => {
      const contrast = await control.evaluate((element) =>
        (globalThis as unknown as { contrastOf(of: unknown): number }).contrastOf(element),
      );
      if (contrast < LEAST) faults.push(`${state}: ${contrast.toFixed(2)}: ${String(name)}`);
    };
    await look('as it is');
    if (await control.isDisabled()) continue;
    const box = await control.boundingBox();
    if (!box || box.x < 0) {
      // What comes into the page with the focus alone.
      await control.focus();
      await look('with the focus');
      await control.blur();
      continue;
    }
    await control.hover();
    await look('under the pointer');
    // A list to choose from opens with the pointer down, over the page; a link is dragged.
    if (await isButton(control)) await pressed(page, () => look('pressed'));
    await control.focus();
    await look('with the focus');
  }
  return faults;
}

/** Does something while the pointer is down, and lets go elsewhere, so that nothing is clicked. */
async function pressed(page: Page, look: () => Promise<void>): Promise<void> {
  await page.mouse.down();
  await look();
  await page.mouse.move(0, 0);
  await page.mouse.up();
}

async function isButton(control: Locator): Promise<boolean> {
  return (await control.and(control.page().locator('button')).count()) > 0;
}
