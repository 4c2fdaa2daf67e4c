import { KIND_WORDS } from '../matrix/kinds.js';
import { KINDS } from '../view-state.js';

/** What the figures say. */
export function HelpView() {
  return (
    <section aria-labelledby="help-title">
      <h2 id="help-title">Help</h2>
      <dl className="facts">
        {KINDS.map((kind) => (
          <div key={kind}>
            <dt>
              {KIND_WORDS[kind].symbol} {KIND_WORDS[kind].name}
            </dt>
            <dd>{KIND_WORDS[kind].about}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
