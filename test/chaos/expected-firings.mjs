// What rules must have fired: the pure function over the stored cycles.
import { withinOf } from '../../dist/domain/alerts/condition.js';
import { begun, Judgement } from '../../dist/domain/alerts/judgement.js';
import { LookBack } from '../../dist/domain/alerts/look-back.js';
import { stateOfNext } from '../../dist/domain/alerts/rule.js';
import { lineValue } from '../../dist/domain/series/line-value.js';
import { CycleFeed } from '../../dist/feeds/cycle-feed.js';
import { isReadable } from '../../dist/history/stored-cycle.js';

const PAGE = 500;

/** What all versions of all rules fire over the stored cycles, in order. */
export async function expectedFirings(open, versions) {
  const turns = [];
  const feed = new CycleFeed(open.cycles);
  let before = null;
  for (let afterTurn = 0, more = true; more;) {
    const page = await open.cycles.range({ afterTurn, order: 'OLDEST_FIRST', limit: PAGE });
    for (const cycle of page.filter(isReadable)) {
      const figures = feed.figuresOf(cycle);
      turns.push([figures, before]);
      before = figures;
    }
    more = page.length === PAGE;
    afterTurn = page.at(-1)?.turn ?? 0;
  }
  const firings = [];
  for (const rule of new Set(versions.map((version) => version.rule)))
    firings.push(
      ...firingsOf(
        versions.filter((version) => version.rule === rule),
        turns,
      ),
    );
  return firings.sort((a, b) => a.turn - b.turn || (a.rule < b.rule ? -1 : 1));
}

function firingsOf(versions, turns) {
  const firings = [];
  let state = null;
  versions.forEach((version, at) => {
    const { line, condition, afterTurn, rule } = version;
    state = at === 0 ? begun(afterTurn) : stateOfNext(versions[at - 1], state, version);
    const judgement = new Judgement(version, state);
    const within = withinOf(condition);
    const lookBack = within === null ? null : new LookBack(within);
    const end = versions[at + 1]?.afterTurn ?? Infinity;
    for (const [figures, before] of version.isEnabled ? turns : []) {
      const { turn, frame } = figures.cycle;
      const { observedAt } = frame;
      if (turn > end) break;
      const value = lineValue(line, figures, before) ?? NaN;
      if (turn > afterTurn && judgement.take(turn, observedAt, value, lookBack?.markAt(observedAt)))
        firings.push({ rule, version: version.version, turn, observedAt, value });
      lookBack?.add(observedAt, value);
    }
    ({ state } = judgement);
  });
  return firings;
}
