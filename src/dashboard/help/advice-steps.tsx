import type { Advice } from './advice.js';

/** What to try, in order; what is to be typed stands out. */
export function AdviceSteps({ steps }: Pick<Advice, 'steps'>) {
  return (
    <ol className="steps">
      {steps.map((step) => (
        <li key={step}>
          {step
            .split('`')
            .map((part, index) => (index % 2 === 1 ? <code key={part}>{part}</code> : part))}
        </li>
      ))}
    </ol>
  );
}
