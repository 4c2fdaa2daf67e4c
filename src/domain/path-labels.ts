/** A path from the start to a node, as its last leg and the path before it. */
export interface Label {
  readonly spread: number;
  readonly parent: Label | null;
  readonly leg: number;
}

/** Compares two paths of the same length by the names of their legs, in order. */
function compareLegs(a: Label, b: Label): number {
  if (a === b || a.parent === null || b.parent === null) return 0;
  return compareLegs(a.parent, b.parent) || a.leg - b.leg;
}

/** Adds a label, unless another is as good in both spread and names; drops those that it beats. */
export function addUnlessBeaten(labels: Label[], added: Label): void {
  for (let at = labels.length - 1; at >= 0; at--) {
    const other = labels[at] as Label;
    const order = compareLegs(other, added);
    if (other.spread <= added.spread && order <= 0) return;
    if (added.spread <= other.spread && order >= 0) labels.splice(at, 1);
  }
  labels.push(added);
}

/** The smallest sum of spreads, then the names of the legs in order. */
export function bestLabel(labels: readonly Label[]): Label {
  return labels.reduce((best, label) =>
    label.spread < best.spread || (label.spread === best.spread && compareLegs(label, best) < 0)
      ? label
      : best,
  );
}

/** The legs of a path of so many, from its start on. */
export function legsOf(label: Label, length: number): Int32Array {
  const legs = new Int32Array(length);
  for (let at: Label | null = label, place = length - 1; place >= 0 && at; place--) {
    legs[place] = at.leg;
    at = at.parent;
  }
  return legs;
}
