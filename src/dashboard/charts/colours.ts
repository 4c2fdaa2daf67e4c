/** The chart's own colours, one after another, where lines have none. */
const LINE_COLOURS = [
  '--chart-1',
  '--chart-2',
  '--chart-3',
  '--chart-4',
  '--chart-5',
  '--chart-6',
] as const;

/** Lines are told apart by how they are dashed, too. */
const DASHES: readonly (readonly number[])[] = [[], [7, 3], [2, 3], [9, 3, 2, 3], [4, 4], [12, 4]];

export function dashOf(index: number): readonly number[] {
  return DASHES[index % DASHES.length] ?? [];
}

export function colourOf(colour: string | undefined, index: number): string {
  return colour ?? LINE_COLOURS[index % LINE_COLOURS.length] ?? LINE_COLOURS[0];
}

/** Colours of CSS variables as a canvas takes them, for one theme. */
export class Palette {
  readonly #probe: HTMLElement;
  readonly #known = new Map<string, string>();

  /** @param probe an element that nobody sees, within what is drawn */
  constructor(probe: HTMLElement) {
    this.#probe = probe;
    // In high contrast all of them would be that of text: on a canvas nothing could be told apart.
    probe.style.setProperty('forced-color-adjust', 'none');
  }

  /** @param name of the variable, for example `--accent` */
  get(name: string): string {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    this.#probe.style.color = `var(${name})`;
    const { color } = getComputedStyle(this.#probe);
    this.#known.set(name, color);
    return color;
  }

  /** After another theme was chosen. */
  forget(): void {
    this.#known.clear();
  }
}
