import { useMemo } from 'react';
import { useThemeChanges } from '../parts/theme.js';

/** Red, green, blue and how solid it is, 0 to 255 each. */
export type Pixel = Uint8ClampedArray;

/** A colour of the theme by its variable, as words that a canvas takes. */
export function themeColour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** Colours as pixels. */
export function pixelsOf(colours: readonly string[]): readonly Pixel[] {
  const context = new OffscreenCanvas(colours.length, 1).getContext('2d');
  colours.forEach((each, index) => {
    if (!context) return;
    context.fillStyle = each;
    context.fillRect(index, 0, 1, 1);
  });
  const data = context?.getImageData(0, 0, colours.length, 1).data ?? new Uint8ClampedArray();
  return colours.map((_, index) => data.slice(4 * index, 4 * index + 4));
}

/** The colours of values in the theme, from the strongest below zero to the strongest above: 2 * steps + 1. */
export function shadesOf(steps: number): readonly Pixel[] {
  const [neutral, positive, negative] = ['--neutral', '--positive', '--negative'].map(themeColour);
  return pixelsOf(
    Array.from({ length: 2 * steps + 1 }, (_, index) => {
      const step = index - steps;
      const share = (100 * Math.abs(step)) / steps;
      return `color-mix(in oklab, ${step < 0 ? negative : positive} ${share}%, ${neutral})`;
    }),
  );
}

/** The same for styles; others after the theme was changed. */
export function useShades(steps: number): readonly string[] {
  const theme = useThemeChanges();
  return useMemo(
    () => shadesOf(steps).map(([red, green, blue]) => `rgb(${red} ${green} ${blue})`),
    [steps, theme],
  );
}
