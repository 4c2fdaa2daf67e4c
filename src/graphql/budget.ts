/** What the operations of one request have asked for together, and how many of their fields failed. */
export interface Budget {
  cost: number;
  fields: number;
  reading: number;
  failures: number;
}

export function newBudget(): Budget {
  return { cost: 0, fields: 0, reading: 0, failures: 0 };
}
