import type { RuleContent } from '../alerts/alert-rules.js';
import type { ChannelInput } from '../alerts/channels/channel-input.js';
import type { ChannelRecord } from '../alerts/channels/channel.js';
import type { StoredVersion } from '../alerts/rule-store.js';
import { withinOf, type Condition } from '../domain/alerts/condition.js';
import { LookBack } from '../domain/alerts/look-back.js';
import { pricedIn, type Line } from '../domain/series/line.js';
import { formatSpan } from '../domain/series/span.js';
import {
  faultOfName,
  InputFault,
  readCondition,
  readLine,
  readRule,
  readSpanOf,
} from './alert-input.js';
import type { Services } from './context.js';
import type { UpdateAlertInput } from './types/alert-change.js';
import type { AlertInput } from './types/alert-input.js';

/** How many turns a rule may look back on, and all rules together: 16 bytes each are kept in memory. */
const MOST_LOOKED_BACK = 1_000_000;
const MOST_LOOKED_BACK_IN_ALL = 8_000_000;

type Known = Pick<Services, 'universe' | 'cycleIntervalMs' | 'strategy' | 'alerts' | 'channels'>;

/** What a new rule is to be, or the first thing that is wrong with how it is said. */
export async function contentOf(
  input: AlertInput,
  known: Known,
): Promise<RuleContent | InputFault> {
  const rule = readRule(input);
  if (rule instanceof InputFault) return rule;
  const { name, enabled } = input;
  const channels = channelsOf(input.channels ?? [], [], known);
  if (channels instanceof InputFault) return channels;
  const content = { name, ...rule, channels, isEnabled: enabled ?? true };
  return checked({ ...content, line: await priced(rule.line, known) }, null, known);
}

/** What a rule is to be after a change. */
export async function changedContent(
  input: UpdateAlertInput,
  before: StoredVersion,
  known: Known,
): Promise<RuleContent | InputFault> {
  const fields = ['name', 'line', 'condition', 'channels', 'enabled'] as const;
  const cleared = fields.find((field) => input[field] === null);
  if (cleared) return new InputFault([cleared], 'is not to be null: leave it out for it to stay');
  const name = typeof input.name === 'string' ? faultOfName(input.name) : null;
  if (name) return name;
  const line = input.line ? readLine(input.line) : before.line;
  if (line instanceof InputFault) return line.below('line');
  const condition = input.condition ? readCondition(input.condition) : before.condition;
  if (condition instanceof InputFault) return condition.below('condition');
  const cooldown = cooldownOf(input.cooldown, before);
  if (cooldown instanceof InputFault) return cooldown;
  const channels = input.channels
    ? channelsOf(input.channels, before.channels, known)
    : before.channels;
  if (channels instanceof InputFault) return channels;
  const content = {
    name: input.name ?? before.name,
    line: input.line ? await priced(line, known) : line,
    ...{ condition, cooldown, channels },
    isEnabled: input.enabled ?? before.isEnabled,
  };
  // A line that could be judged once may stay as it is.
  return checked(content, before, known, Boolean(input.line));
}

function channelsOf(
  inputs: readonly ChannelInput[],
  stored: readonly ChannelRecord[],
  { channels }: Known,
): readonly ChannelRecord[] | InputFault {
  const read = channels.read(inputs, stored);
  if (read.ok) return read.channels;
  const [fault] = read.faults;
  if (!fault) return [];
  return new InputFault(['channels', String(fault.index), fault.field], fault.message);
}

function cooldownOf(text: UpdateAlertInput['cooldown'], before: StoredVersion) {
  if (text === undefined) return before.cooldown;
  return text === null ? 0 : readSpanOf(text, 'cooldown');
}

/** What it is priced in stays what it is, whatever becomes of the settings. */
async function priced(line: Line, { strategy }: Known): Promise<Line> {
  const { strategy: settings } = await strategy.knownControl();
  return pricedIn(line, settings.quantBase);
}

function checked(
  content: RuleContent,
  before: StoredVersion | null,
  known: Known,
  isNewLine = true,
): RuleContent | InputFault {
  const assets = isNewLine ? faultOfAssets(content.line, known) : null;
  return assets ?? faultOfLookBack(content, before, known) ?? content;
}

function faultOfAssets(line: Line, { universe }: Known): InputFault | null {
  const parts = line as Readonly<Record<string, unknown>>;
  // A wallet may hold what no universe has.
  const names = line.kind === 'BALANCE' ? ['in'] : ['base', 'quote', 'asset', 'in'];
  const wrong = names.find(
    (name) => typeof parts[name] === 'string' && !universe.includes(parts[name]),
  );
  if (wrong === undefined) return null;
  const asset = JSON.stringify((parts[wrong] as string).slice(0, 40));
  return new InputFault(['line', wrong], `${asset} is not in the universe`);
}

function faultOfLookBack(
  { condition, isEnabled }: RuleContent,
  before: StoredVersion | null,
  { cycleIntervalMs, alerts }: Known,
): InputFault | null {
  const own = turnsLookedBack(condition, cycleIntervalMs);
  if (own === 0 || !isEnabled) return null;
  if (own > MOST_LOOKED_BACK) {
    const perTurn = turnsLookedBack(condition, 1) / (withinOf(condition) ?? 1);
    const most = Math.floor((MOST_LOOKED_BACK / perTurn) * (cycleIntervalMs / 1_000)) * 1_000;
    const words = `is to be at most ${formatSpan(most)}, with turns ${cycleIntervalMs} ms apart`;
    return new InputFault(['condition', 'within'], words);
  }
  const others = alerts.book.current.filter(
    ({ rule, isEnabled: isOn }) => isOn && rule !== before?.rule,
  );
  const all = others.reduce(
    (sum, rule) => sum + turnsLookedBack(rule.condition, cycleIntervalMs),
    own,
  );
  if (all <= MOST_LOOKED_BACK_IN_ALL) return null;
  const words = `all rules together may look back on ${MOST_LOOKED_BACK_IN_ALL} turns, not ${all}`;
  return new InputFault(['condition', 'within'], words);
}

/** How many turns are kept for a condition. */
function turnsLookedBack(condition: Condition, intervalMs: number): number {
  const within = withinOf(condition);
  return within === null ? 0 : Math.ceil(-LookBack.sinceFor(within, 0) / intervalMs);
}
