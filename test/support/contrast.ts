import type { Page } from 'playwright-core';
import { expect } from 'vitest';

/** The least contrast of words that WCAG AA allows. */
const LEAST = 4.5;

/** Finds the controls, and gives the page what looks at one of them. */
const WATCH = (within: string) => `(() => {
  const all = [...document.querySelector(${JSON.stringify(within)}).querySelectorAll(
    'button, select, a[href], input:not([type=range])')];
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 1;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  const paint = (colour) => {
    context.fillStyle = colour;
    context.fillRect(0, 0, 1, 1);
    const linear = [...context.getImageData(0, 0, 1, 1).data].map((value) => {
      const share = value / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
  };
  window.controls = {
    /** Where one is, and what it is; null for one that is not seen. */
    at(index) {
      const control = all[index];
      if (!control.isConnected || !control.checkVisibility()) return null;
      control.scrollIntoView({ block: 'nearest', inline: 'nearest' });
      const { x, y, width, height } = control.getBoundingClientRect();
      return {
        name: control.textContent || control.getAttribute('aria-label') || control.outerHTML,
        x: x + width / 2,
        y: y + height / 2,
        isDisabled: control.matches(':disabled'),
        // A list to choose from opens with the pointer down, over the page; a link is dragged.
        isPressed: control.matches('button'),
      };
    },
    /** How its words stand out from what is behind them. */
    contrast(index, hasFocus) {
      const control = all[index];
      if (hasFocus) control.focus({ focusVisible: true });
      const layers = [];
      for (let at = control; at; at = at.parentElement) {
        layers.unshift(getComputedStyle(at).backgroundColor);
        // What is in the top layer lies over the page, not in its parents.
        if (at.matches('[popover], dialog')) break;
      }
      let behind = paint(getComputedStyle(document.documentElement).getPropertyValue('--back'));
      for (const layer of layers) behind = paint(layer);
      const words = paint(getComputedStyle(control).color);
      if (hasFocus) control.blur();
      const [light, dark] = words > behind ? [words, behind] : [behind, words];
      return (light + 0.05) / (dark + 0.05);
    },
  };
  return all.length;
})()`;

interface Control {
  readonly name: string;
  readonly x: number;
  readonly y: number;
  readonly isDisabled: boolean;
  readonly isPressed: boolean;
}

/**
 * What cannot be read among the controls of a page, in words: each as it is, under the pointer, with the
 * focus and pressed; those that are off as well.
 */
export async function contrastFaults(page: Page, within: string): Promise<string[]> {
  const faults: string[] = [];
  const count: number = await page.evaluate(WATCH(within));
  for (let index = 0; index < count; index++) {
    const control: Control | null = await page.evaluate(`window.controls.at(${index})`);
    if (!control) continue;
    const look = async (state: string, hasFocus = false): Promise<void> => {
      const contrast: number = await page.evaluate(
        `window.controls.contrast(${index}, ${hasFocus})`,
      );
      if (contrast < LEAST) faults.push(`${state}: ${contrast.toFixed(2)}: ${control.name}`);
    };
    await look('as it is');
    if (control.isDisabled) continue;
    await look('with the focus', true);
    // What comes into the page with the focus alone.
    if (control.x < 0) continue;
    await page.mouse.move(control.x, control.y);
    await look('under the pointer');
    if (!control.isPressed) continue;
    await page.mouse.down();
    await look('pressed');
    // Let go elsewhere, so that nothing is clicked.
    await page.mouse.move(0, 0);
    await page.mouse.up();
  }
  expect(count).toBeGreaterThan(0);
  return faults;
}
