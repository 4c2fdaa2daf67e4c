// Everything that is pushed of a cycle, held against everything that is stored of it.

/** All that a cycle answers; ID_PCT apart, because it needs the cycle before as well. */
export const CONTENT = `
  turn previousTurn startedAt observedAt completedAt exchange symbols
  assets { symbol strength quant balance price }
  matrices(kinds: [ID_BENCHMARK, ID_DELTA, ID_PERCENT, QUANTID]) { kind unit scale values }
  frameToFrame: matrix(kind: ID_PCT) { values }
  wallet { source value unpriced balances { asset free locked total value } }
  aux { turn leadQuant quant shift leadSince grt imprint luggage imprintReached luggageReached }
  config { version tier mode quantBase expectedImprint expectedLuggage }
  consistency { medianBps maxBps worst }
`;

/** What any client ever saw, and what of the stored was damaged on purpose. */
export class Contents {
  /** By turn, the text of the cycle. */
  #seen = new Map();
  /** Turns whose documents were changed behind the servers' back, and how. */
  damaged = new Map();

  get latestTurn() {
    return Math.max(0, ...this.#seen.keys());
  }

  get count() {
    return this.#seen.size;
  }

  /** @returns what is wrong with a cycle that a client was sent, or null */
  see(cycle) {
    const { turn } = cycle;
    const text = JSON.stringify(cycle);
    const known = this.#seen.get(turn);
    this.#seen.set(turn, known ?? text);
    if (known === undefined || this.#isSame(turn, known, cycle)) return null;
    return `turn ${turn} was seen twice, and differs: ${difference(known, text)}`;
  }

  /** @returns what is wrong with what is stored: everything that was seen must be there, and as it was */
  faultsOf({ cycles, unreadable }) {
    const faults = [];
    const byTurn = new Map(cycles.map((cycle) => [cycle.turn, cycle]));
    const turns = [...byTurn.keys(), ...unreadable].sort((a, b) => a - b);
    turns.forEach((turn, at) => {
      if (turn !== at + 1) faults.push(`stored turn ${turn} stands in place ${at + 1}`);
    });
    for (const turn of unreadable) {
      if (!this.damaged.has(turn))
        faults.push(`turn ${turn} cannot be read, and nobody damaged it`);
    }
    for (const [turn, text] of this.#seen) {
      const cycle = byTurn.get(turn);
      if (cycle === undefined) {
        if (!unreadable.has(turn)) faults.push(`turn ${turn} was seen and is not stored`);
      } else if (!this.#isSame(turn, text, cycle)) {
        const damage = this.damaged.get(turn);
        const cause = damage ? `, and its damage (${damage}) is served as truth` : '';
        const where = difference(text, JSON.stringify(cycle));
        faults.push(`turn ${turn} was seen and is not stored so${cause}: ${where}`);
      }
    }
    return faults;
  }

  #isSame(turn, text, cycle) {
    if (text === JSON.stringify(cycle)) return true;
    if (cycle.previousTurn === null || !this.damaged.has(cycle.previousTurn)) return false;
    const rest = (each) => JSON.stringify({ ...each, frameToFrame: null });
    return cycle.frameToFrame === null && rest(JSON.parse(text)) === rest(cycle);
  }
}

/** The first place at which two texts part, with what stands there in each. */
function difference(a, b) {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  const around = (text) => text.slice(Math.max(0, at - 60), at + 30);
  return `${around(a)} | ${around(b)}`;
}
