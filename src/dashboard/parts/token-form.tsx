import { useId, useState, type FormEvent } from 'react';
import type { Refusal, RefusalKind } from '../api/refusal.js';
import { token } from '../api/token.js';

const TITLES: Readonly<Record<RefusalKind, string>> = {
  MISSING: 'This server wants a token',
  WRONG: 'The access token is not valid here',
  EXPIRED: 'The access token has expired',
  TOO_SMALL: 'The access token may read only',
};

const NEXT: Readonly<Record<RefusalKind, string>> = {
  MISSING: 'It shows its figures to those with a token only.',
  WRONG: 'Look whether all of it was pasted, and whether it is of this server.',
  EXPIRED: 'Ask for a new one.',
  TOO_SMALL: 'Changes need a token with the role operator.',
};

/** What tokens are made of; anything else cannot even be sent. */
const TOKEN = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/** Says what is wrong with the access token in use, and takes another. It goes to this server only. */
export function TokenForm({ refusal }: { readonly refusal: Refusal }) {
  const { kind, words } = refusal;
  return (
    <div className="note token">
      <h2>{TITLES[kind]}</h2>
      <p role="alert">
        {NEXT[kind]} {kind === 'WRONG' && <span className="quiet">The server says: {words}.</span>}
      </p>
      <TokenEntry />
    </div>
  );
}

/** A field for a token, and whether it is remembered. */
export function TokenEntry() {
  const [value, setValue] = useState('');
  const [isRemembered, setRemembered] = useState(false);
  const [fault, setFault] = useState<string | null>(null);
  const id = useId();
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const typed = value.trim().replace(/^Bearer /i, '');
    if (TOKEN.test(typed)) token.set(typed, isRemembered);
    else setFault('That is no token: one has three parts with points between them.');
  };
  return (
    <form className="token-entry" onSubmit={submit} noValidate>
      <label htmlFor={id}>Access token</label>
      <input
        id={id}
        type="password"
        autoComplete="off"
        spellCheck={false}
        value={value}
        aria-invalid={fault !== null}
        aria-describedby={fault === null ? `${id}-about` : `${id}-fault`}
        onChange={(event) => {
          setValue(event.target.value);
          setFault(null);
        }}
      />
      {fault !== null && (
        <p id={`${id}-fault`} className="fault" role="alert">
          {fault}
        </p>
      )}
      <label>
        <input
          type="checkbox"
          checked={isRemembered}
          onChange={(event) => setRemembered(event.target.checked)}
        />{' '}
        Remember it in this browser
      </label>
      <button type="submit">{isRemembered ? 'Use it in all tabs' : 'Use it in this tab'}</button>
      <p id={`${id}-about`} className="quiet">
        {isRemembered
          ? 'Whoever uses this browser, and whatever else runs in it for this address, can then act with it until it expires or is forgotten in the settings.'
          : 'It is forgotten when this tab is closed.'}{' '}
        Whoever runs the server makes one with <code>dynamics token</code>.
      </p>
    </form>
  );
}
