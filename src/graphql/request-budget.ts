/** What the operations of one request have asked for together, and how many of their fields failed. */
export interface RequestBudget {
  cost: number;
  fields: number;
  reading: number;
  failures: number;
}

export function newRequestBudget(): RequestBudget {
  return { cost: 0, fields: 0, reading: 0, failures: 0 };
}
