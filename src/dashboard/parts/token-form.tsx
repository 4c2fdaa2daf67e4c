import { useId, useState, type FormEvent } from 'react';
import { token } from '../api/token.js';

/** Asks for an access token. It stays in this tab, and goes to this server only. */
export function TokenForm({ reason }: { readonly reason: string }) {
  const [value, setValue] = useState('');
  const id = useId();
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (value.trim() !== '') token.set(value.trim());
  };
  return (
    <form className="note token" onSubmit={submit}>
      <h2>This server wants a token</h2>
      <p role="alert">{reason}</p>
      <label htmlFor={id}>Access token</label>
      <input
        id={id}
        type="password"
        autoComplete="off"
        spellCheck={false}
        value={value}
        onChange={(event) => setValue(event.target.value)}
      />
      <button type="submit">Use it in this tab</button>
      <p className="quiet">
        Whoever runs the server makes one with <code>dynamics token</code>. It is forgotten when
        this tab is closed.
      </p>
    </form>
  );
}
