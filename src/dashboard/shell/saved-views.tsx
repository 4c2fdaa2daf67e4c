import { useId, useState, type FormEvent } from 'react';
import { onPlainClick } from '../parts/plain-click.js';
import { showAddress } from '../use-view-state.js';
import { storedList } from './stored.js';

/** An address with a name. */
interface SavedView {
  readonly name: string;
  /** The query of the address; empty for the page as it begins. */
  readonly search: string;
}

const list = storedList('dynamics.views', isSavedView);

function isSavedView(value: unknown): value is SavedView {
  const { name, search } = (value ?? {}) as Partial<SavedView>;
  return typeof name === 'string' && typeof search === 'string';
}

export const useSavedViews = list.use;

/** Keeps what is looked at under a name; what had that name before is replaced. */
export function saveView(name: string): void {
  const others = list.get().filter((view) => view.name !== name);
  list.set([...others, { name, search: window.location.search }]);
}

/** The saved views, to go to, to rename and to remove; and a field that saves another. */
export function SavedViews() {
  const views = list.use();
  const [name, setName] = useState('');
  const id = useId();
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (name.trim() === '') return;
    saveView(name.trim());
    setName('');
  };
  return (
    <section className="saved-views" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>Saved views</h2>
      <ul>
        {views.map((view) => (
          <SavedViewRow key={view.name} view={view} />
        ))}
      </ul>
      <form onSubmit={submit}>
        <label htmlFor={id}>Save what is looked at as</label>{' '}
        <input id={id} value={name} onChange={(event) => setName(event.target.value)} />{' '}
        <button type="submit" disabled={name.trim() === ''}>
          Save the view
        </button>
      </form>
    </section>
  );
}

function SavedViewRow({ view }: { readonly view: SavedView }) {
  const [draft, setDraft] = useState<string | null>(null);
  const rename = (event: FormEvent): void => {
    event.preventDefault();
    const name = draft?.trim() ?? '';
    const views = list.get();
    const isTaken = views.some((other) => other.name === name && other.name !== view.name);
    if (name === '' || isTaken) return;
    list.set(views.map((other) => (other.name === view.name ? { ...view, name } : other)));
    setDraft(null);
  };
  if (draft !== null) {
    return (
      <li>
        <form onSubmit={rename}>
          <input
            aria-label={`New name of ${view.name}`}
            value={draft}
            autoFocus
            onChange={(event) => setDraft(event.target.value)}
          />
          <button type="submit">Rename</button>
          <button type="button" onClick={() => setDraft(null)}>
            Cancel
          </button>
        </form>
      </li>
    );
  }
  return (
    <li>
      <a
        href={window.location.pathname + view.search}
        onClick={onPlainClick(() => showAddress(view.search))}
      >
        {view.name}
      </a>
      <button type="button" className="small" onClick={() => setDraft(view.name)}>
        Rename<span className="hidden"> {view.name}</span>
      </button>
      <button
        type="button"
        className="small"
        onClick={() => list.set(list.get().filter(({ name }) => name !== view.name))}
      >
        Remove<span className="hidden"> {view.name}</span>
      </button>
    </li>
  );
}
