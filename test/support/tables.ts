import type { Locator } from 'playwright-core';

/** The texts of the cells of rows that stand still, row by row. */
export async function textsOf(rows: Locator): Promise<string[][]> {
  const found = await rows.all();
  return Promise.all(found.map((row) => row.locator('th, td').allInnerTexts()));
}
