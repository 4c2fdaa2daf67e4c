import type {
  AlertInput,
  AlertRuleFragment,
  ChannelInput,
  ChannelKind,
  ConditionInput,
  LineInput,
} from '../../generated/operations.js';
import { given } from './rule-file.js';
import { conditionWords, givenNumber, lineWords, type RuleChannel } from './words.js';

/** What a rule waits for its line to do. */
export type Watch = 'above' | 'below' | 'crosses' | 'moves';

/** A channel as it is typed. */
export interface ChannelDraft {
  /** Tells them apart while they are typed. */
  readonly key: string;
  /** As it is stored; null for one that is to be made. */
  readonly stored: RuleChannel | null;
  readonly kind: ChannelKind;
  readonly name: string;
  /** What is typed of the secrets; empty for those that stay. */
  readonly url: string;
  readonly token: string;
  readonly chat: string;
}

/** A rule as it is typed. */
export interface Draft {
  /** Empty: it is called by what it says. */
  readonly name: string;
  readonly line: LineInput;
  readonly watch: Watch;
  /** Null until somebody chooses one: then its course suggests it. */
  readonly level: string | null;
  readonly percent: string;
  readonly within: string;
  /** Empty: firings may follow each other. */
  readonly cooldown: string;
  readonly channels: readonly ChannelDraft[];
}

/** A rule to be made. Its level is for its course to say. */
export function newDraft(line: LineInput): Draft {
  return {
    name: '',
    line,
    watch: 'above',
    level: null,
    percent: '3',
    within: '15m',
    cooldown: '1h',
    channels: [],
  };
}

/** A rule that stands, as it can be typed over. */
export function draftOf(rule: AlertRuleFragment): Draft {
  const { above, below, crosses, movesPercent, within } = rule.condition;
  const level = above ?? below ?? crosses;
  const [watch] = [
    ...(above !== null ? (['above'] as const) : []),
    ...(below !== null ? (['below'] as const) : []),
    ...(crosses !== null ? (['crosses'] as const) : []),
    'moves' as const,
  ];
  const draft = newDraft(given(rule.line) as LineInput);
  return {
    ...draft,
    name: rule.name,
    watch,
    level: level === null ? null : givenNumber(level),
    percent: movesPercent === null ? draft.percent : givenNumber(movesPercent),
    within: within ?? draft.within,
    cooldown: rule.cooldown ?? '',
    channels: rule.channels.map((stored) => ({
      ...{ key: stored.id, stored, kind: stored.kind, name: stored.name },
      ...{ url: '', token: '', chat: '' },
    })),
  };
}

/** A number as somebody types it, with or without groups; null where it is none. */
export function typedNumber(text: string): number | null {
  const plain = text
    .trim()
    .replaceAll(/(?<=\d)[, _](?=\d{3}(?!\d))/g, '')
    .replace('−', '-');
  const number = plain === '' ? NaN : Number(plain);
  return Number.isFinite(number) ? number : null;
}

/** What is watched for; null while its number is none. */
function conditionOf({ watch, level, percent, within }: Draft): ConditionInput | null {
  const number = typedNumber(watch === 'moves' ? percent : (level ?? ''));
  if (number === null) return null;
  return watch === 'moves' ? { movesPercent: number, within: within.trim() } : { [watch]: number };
}

/** What a rule is called where nobody has given it a name. */
export function nameOf(draft: Draft): string {
  if (draft.name.trim() !== '') return draft.name.trim();
  const condition = conditionOf(draft);
  const words = lineWords(draft.line);
  const called = condition ? `${words} ${conditionWords(condition, draft.line)}` : words;
  return called.slice(0, 100);
}

/** The rule that is typed; null while it is none. Without its channels, as a test takes it. */
export function ruleOf(draft: Draft): AlertInput | null {
  const condition = conditionOf(draft);
  if (!condition) return null;
  const cooldown = draft.cooldown.trim();
  return {
    name: nameOf(draft),
    line: draft.line,
    condition,
    ...(cooldown !== '' && { cooldown }),
  };
}

/** The channels that are typed, with the secrets that were given of them. */
export function channelsOf({ channels }: Draft): ChannelInput[] {
  return channels.map(({ stored, kind, name, url, token, chat }) => {
    const isUrl = kind !== 'TELEGRAM';
    return {
      ...(stored && { id: stored.id }),
      ...{ kind, name: name.trim() },
      ...(isUrl && url.trim() !== '' && { url: url.trim() }),
      ...((kind === 'WEBHOOK' || !isUrl) && token.trim() !== '' && { token: token.trim() }),
      ...(!isUrl && chat.trim() !== '' && { chat: chat.trim() }),
    };
  });
}

/** Whether channels are as they are stored: then a change leaves them out, and they stay. */
export function areChannelsAsStored({ channels }: Draft, rule: AlertRuleFragment): boolean {
  if (channels.length !== rule.channels.length) return false;
  return channels.every(
    ({ stored, name, url, token, chat }) =>
      stored !== null && stored.name === name && `${url}${token}${chat}` === '',
  );
}
