/** Prints a value as JSON, for programs. */
export function printJson(value: unknown): void {
  process.stdout.write(JSON.stringify(value, null, 2) + '\n');
}

export function printLine(line = ''): void {
  process.stdout.write(`${line}\n`);
}

type Cell = string | number | boolean | null | undefined;

/** Prints rows as columns of text; numbers stand to the right, and a dash stands for null. */
export function printTable(rows: readonly (readonly Cell[])[]): void {
  const texts = rows.map((row) => row.map((cell) => String(cell ?? '-')));
  const widths = (texts[0] ?? []).map((_, column) =>
    Math.max(...texts.map((row) => row[column]?.length ?? 0)),
  );
  texts.forEach((row, at) => {
    const cells = row.map((text, column) => {
      const isNumber = typeof rows[at]?.[column] === 'number';
      const width = widths[column] ?? 0;
      return isNumber ? text.padStart(width) : text.padEnd(width);
    });
    printLine(`  ${cells.join('  ').trimEnd()}`);
  });
}

/** A number as people read it: six significant digits. */
export function shortNumber(value: number | null): number | null {
  return value === null ? null : Number(value.toPrecision(6));
}
