export const CHANNEL_KINDS = ['WEBHOOK', 'TELEGRAM', 'DISCORD', 'SLACK'] as const;
export type ChannelKind = (typeof CHANNEL_KINDS)[number];

/** Where messages of one rule go, as it is stored with the rule. Whether it is on is kept beside it. */
export interface ChannelRecord {
  /** Given when it was made; stays for as long as there is the channel. */
  readonly id: string;
  readonly kind: ChannelKind;
  /** For people. */
  readonly name: string;
  /** The host alone: what else there is of the address may be a secret. */
  readonly target: string;
  /** What is needed to send to it, see {@link ChannelSecret}, as `SecretSeal` has written it. */
  readonly sealed: string;
}

/** What nobody is ever told: the whole address is of it, because its path or query may be a key. */
export type ChannelSecret =
  /** `token` signs, as Standard Webhooks has it: `whsec_` and base64. */
  | { readonly kind: 'WEBHOOK'; readonly url: string; readonly token: string }
  /** `url`: of the server of bots, without a path of its own. */
  | {
      readonly kind: 'TELEGRAM';
      readonly url: string;
      readonly token: string;
      readonly chat: string;
    }
  | { readonly kind: 'DISCORD' | 'SLACK'; readonly url: string };
/**
 * Why a channel gets nothing, a stable word. SECRET_UNREADABLE: what is stored was sealed under another
 * key, or is damaged. GONE: the receiver said so, for good (410). UNREACHABLE: a day of attempts came to
 * nothing.
 */
export const CHANNEL_PROBLEMS = ['SECRET_UNREADABLE', 'GONE', 'UNREACHABLE'] as const;
export type ChannelProblem = (typeof CHANNEL_PROBLEMS)[number];

/** How a channel stands. */
export interface ChannelState {
  readonly enabled: boolean;
  readonly problem: ChannelProblem | null;
}
