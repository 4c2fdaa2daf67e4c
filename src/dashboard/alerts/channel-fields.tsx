import { useRef, useState } from 'react';
import type { ChannelKind } from '../../generated/operations.js';
import type { ChannelDraft } from './draft.js';
import type { Faults } from './faults.js';
import { Entry, optionsOf } from './fields.js';
import { CHANNEL_WORDS, PROBLEM_WORDS } from './words.js';

/** As many as a rule may have. */
const MOST = 10;

interface ChannelFieldsProps {
  readonly channels: readonly ChannelDraft[];
  readonly faults: Faults;
  readonly set: (channels: readonly ChannelDraft[]) => void;
}

/** Where a rule is told. What of it is secret is typed, goes to the server, and is never shown again. */
export function ChannelFields({ channels, faults, set }: ChannelFieldsProps) {
  const made = useRef(0);
  const add = (kind: ChannelKind): void => {
    const channel: ChannelDraft = {
      ...{ key: `new-${++made.current}`, stored: null, kind, name: CHANNEL_WORDS[kind] },
      ...{ url: '', token: '', chat: '' },
    };
    set([...channels, channel]);
  };
  return (
    <fieldset className="told">
      <legend>Told through</legend>
      {channels.length === 0 && (
        <p className="quiet">Nothing but this page, which lists each firing.</p>
      )}
      {channels.map((channel, at) => (
        <ChannelRow
          key={channel.key}
          channel={channel}
          faults={faultsAt(faults, at)}
          set={(change) =>
            set(channels.map((each, index) => (index === at ? { ...each, ...change } : each)))
          }
          remove={() => set(channels.filter((_, index) => index !== at))}
        />
      ))}
      {channels.length < MOST && (
        <p className="told-more">
          {optionsOf(CHANNEL_WORDS).map(([kind, words]) => (
            <button key={kind} type="button" onClick={() => add(kind)}>
              + {words}
            </button>
          ))}
        </p>
      )}
    </fieldset>
  );
}

/** Of one channel, by its field. */
function faultsAt(faults: Faults, at: number): Faults {
  const prefix = `channels.${at}.`;
  const own = [...faults].filter(([part]) => part.startsWith(prefix));
  return new Map(own.map(([part, words]) => [part.slice(prefix.length), words]));
}

interface ChannelRowProps {
  readonly channel: ChannelDraft;
  readonly faults: Faults;
  readonly set: (change: Partial<ChannelDraft>) => void;
  readonly remove: () => void;
}

function ChannelRow({ channel, faults, set, remove }: ChannelRowProps) {
  const { stored, kind, name } = channel;
  const isBroken = stored?.problem === 'SECRET_UNREADABLE' || stored?.problem === 'GONE';
  const [isOpen, setOpen] = useState(stored === null || isBroken);
  return (
    <div className="told-channel">
      <p className="told-head">
        <strong>{CHANNEL_WORDS[kind]}</strong>
        {stored && <span className="quiet">{stored.target}</span>}
        {stored && !isOpen && (
          <button type="button" onClick={() => setOpen(true)}>
            Give its secret anew
          </button>
        )}
        <button type="button" onClick={remove}>
          Remove<span className="hidden"> {name}</span>
        </button>
      </p>
      {stored?.problem && <p className="fault">{PROBLEM_WORDS[stored.problem]}</p>}
      <div className="alert-fields">
        <Entry
          label="Name"
          size={14}
          value={name}
          fault={faults.get('name')}
          set={(next) => set({ name: next })}
        />
        {isOpen && <SecretFields channel={channel} faults={faults} set={set} />}
      </div>
      {[...faults]
        .filter(([part]) => !['name', 'url', 'token', 'chat'].includes(part))
        .map(([part, words]) => (
          <p key={part} className="fault" role="alert">
            {words}
          </p>
        ))}
    </div>
  );
}

function SecretFields({ channel, faults, set }: Omit<ChannelRowProps, 'remove'>) {
  const { kind, url, token, chat } = channel;
  const stays = channel.stored ? 'stays as it is' : '';
  const entry = (part: 'url' | 'token' | 'chat', label: string, hint: string) => (
    <Entry
      label={label}
      isSecret={part !== 'chat'}
      size={part === 'chat' ? 14 : 28}
      value={{ url, token, chat }[part]}
      placeholder={stays || hint}
      fault={faults.get(part)}
      set={(next) => set({ [part]: next })}
    />
  );
  switch (kind) {
    case 'WEBHOOK':
      return (
        <>
          {entry('url', 'Address', 'https://…')}
          {entry('token', 'Signing secret', 'whsec_…')}
        </>
      );
    case 'TELEGRAM':
      return (
        <>
          {entry('token', "The bot's token", '123456:ABC…')}
          {entry('chat', 'Chat', 'number or @name')}
        </>
      );
    case 'DISCORD':
    case 'SLACK':
      return entry('url', 'Address of its incoming webhook', 'https://…');
  }
}
