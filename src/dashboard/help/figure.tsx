import { agrees, digits, type ExampleText } from './example-text.js';
import { FORMULAS } from './formulas.js';
import { WORDS, type Word, type WordName } from './words.js';

interface FigureProps {
  readonly name: WordName;
  /** Null while its numbers are not known. */
  readonly example: ExampleText | null;
}

/** A word, what it means, how it is defined, and what it comes to now. */
export function Figure({ name, example }: FigureProps) {
  const { title, symbol, sentence }: Word = WORDS[name];
  const formula = FORMULAS[name];
  return (
    <article id={`figure-${name}`} className="help-figure" tabIndex={-1}>
      <h4>
        {title} {symbol && <span className="quiet">{symbol}</span>}
      </h4>
      <div>
        <p>{sentence}</p>
        {formula && (
          <p className="formula">
            <code>{formula.text}</code>{' '}
            <span className="quiet">schema/numbers.md, “{formula.section}”</span>
          </p>
        )}
        {example && <ExampleLine name={name} example={example} />}
        {formula?.note !== undefined && <p className="quiet">{formula.note}</p>}
      </div>
    </article>
  );
}

function ExampleLine({
  name,
  example,
}: {
  readonly name: WordName;
  readonly example: ExampleText;
}) {
  if ('missing' in example) return <p className="example quiet">{example.missing}</p>;
  if ('told' in example) return <p className="example">{example.told}</p>;
  const { text, value, answered, unit } = example;
  return (
    <p className="example">
      {text} ={' '}
      <output data-figure={name} data-value={value}>
        {digits(value)}
      </output>
      {unit.startsWith(';') ? unit : ` ${unit}`}{' '}
      {agrees(example) ? (
        <span className="quiet" title="Worked out on this page from the other answers of the API">
          ✓ as the API answers
        </span>
      ) : (
        <span className="fault">the API answers {digits(answered)}</span>
      )}
    </p>
  );
}
