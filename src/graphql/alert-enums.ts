import { CHANNEL_KINDS, CHANNEL_PROBLEMS } from '../alerts/channels/channel.js';
import { LINE_KINDS } from '../alerts/line-parts.js';
import { HEALTH_KINDS } from '../domain/alerts/health.js';
import { enumOf } from './enum-of.js';

export const LineKindEnum = enumOf(
  LINE_KINDS,
  'LineKind',
  'What the number of a line is of. Its value at a turn is what cycle(turn:) answers.',
  {
    CELL: 'A cell of one of the five matrices.',
    ASSET: 'A figure of an asset.',
    WALLET: 'What the wallet is worth.',
    BALANCE: 'What one balance of the wallet is worth.',
    STRATEGY: 'A figure of the strategy.',
    CONSISTENCY: 'How far the frame is from one price for each pair.',
    WINDOW: 'A cell of a matrix over a window.',
  },
);

export const ChannelKindEnum = enumOf(CHANNEL_KINDS, 'ChannelKind', 'A kind of receiver.', {
  WEBHOOK: 'A program: a POST of JSON, signed as Standard Webhooks has it.',
  TELEGRAM: 'A chat, by a bot.',
  DISCORD: 'A channel of Discord, by its incoming webhook.',
  SLACK: 'A channel of Slack, or of what takes the same, by its incoming webhook.',
});

export const ChannelProblemEnum = enumOf(
  CHANNEL_PROBLEMS,
  'ChannelProblem',
  'Why a channel is off.',
  {
    SECRET_UNREADABLE: 'Its secret was stored under another key, or is damaged.',
    GONE: 'The receiver said that it is gone for good (410).',
    UNREACHABLE: 'A day of attempts came to nothing.',
  },
);

export const HealthKindEnum = enumOf(
  HEALTH_KINDS,
  'HealthKind',
  'What may be wrong with the engine, beyond what a cycle says.',
  {
    OVERDUE: 'No turn was completed for three intervals.',
    SKIPPED: 'Turns are skipped since the last one that was completed.',
    DATABASE_AWAY: 'The database cannot be reached, or takes no writes.',
    EXCHANGE_BANNED: 'The exchange has told us to be silent.',
    SPOOLED: 'Cycles are kept on disk until the database takes them.',
    CHANNEL_DEAD: 'A channel of a rule was switched off.',
  },
);
