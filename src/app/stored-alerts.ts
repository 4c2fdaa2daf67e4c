import type { FiringStore } from '../alerts/firing-store.js';
import type { JudgementStore } from '../alerts/judgement-store.js';
import type { RuleStore } from '../alerts/rule-store.js';
import type { Damage } from '../history/damage.js';
import { MongoRuleStore } from '../mongo/alert-store.js';
import type { Database } from '../mongo/connect.js';
import { MongoFiringStore } from '../mongo/firing-store.js';
import { MongoJudgementStore } from '../mongo/judgement-store.js';

/** Rules, and what came of them. */
export interface StoredAlerts {
  readonly rules: RuleStore;
  readonly firings: FiringStore;
  readonly judgements: JudgementStore;
}

export function openAlerts(database: Database, damage: Damage): StoredAlerts {
  return {
    rules: new MongoRuleStore(database, damage),
    firings: new MongoFiringStore(database),
    judgements: new MongoJudgementStore(database),
  };
}
