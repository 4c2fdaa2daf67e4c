/** How large a value is that came as JSON. */
export interface ValueSize {
  /** Items of lists and fields of objects, all together. */
  readonly items: number;
  /** How deep lists and objects stand in each other. */
  readonly levels: number;
  /** Characters of the longest text or name. */
  readonly characters: number;
}

/** Measures a value without recursion, so that no depth is too much. */
export function measureValue(value: unknown): ValueSize {
  let [items, levels, characters] = [0, 0, 0];
  let level: unknown[] = [value];
  while (level.length > 0) {
    const below: unknown[] = [];
    for (const entry of level) {
      if (typeof entry === 'string') characters = Math.max(characters, entry.length);
      else if (typeof entry === 'object' && entry !== null) {
        const inside: unknown[] = Array.isArray(entry) ? entry : Object.values(entry);
        if (!Array.isArray(entry)) {
          for (const name in entry) characters = Math.max(characters, name.length);
        }
        items += inside.length;
        for (const inner of inside) below.push(inner);
      }
    }
    if (level.some((entry) => typeof entry === 'object' && entry !== null)) levels++;
    level = below;
  }
  return { items, levels, characters };
}

const [QUOTE, BACKSLASH] = [0x22, 0x5c];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/**
 * How deep lists and objects stand in each other in a JSON text that is not read yet: a text of
 * nothing but brackets takes long to read.
 */
export function levelsOfJson(text: Uint8Array): number {
  let [level, deepest, isInText] = [0, 0, false];
  for (let at = 0; at < text.length; at++) {
    const byte = text[at];
    if (isInText) {
      if (byte === BACKSLASH) at++;
      else if (byte === QUOTE) isInText = false;
    } else if (byte === QUOTE) isInText = true;
    else if (byte === OPEN_LIST || byte === OPEN_OBJECT) deepest = Math.max(deepest, ++level);
    else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) level--;
  }
  return deepest;
}
