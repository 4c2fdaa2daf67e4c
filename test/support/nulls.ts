/** The values of a column, null where there is none. */
export const nulls = (column: Float64Array) => [...column].map((v) => (Number.isNaN(v) ? null : v));
