import { onTestFinished } from 'vitest';

/** The names of what Node warns of from now on, until the test has ended. */
export function heardWarnings(): readonly string[] {
  const names: string[] = [];
  const hear = ({ name }: Error): void => void names.push(name);
  process.on('warning', hear);
  onTestFinished(() => void process.off('warning', hear));
  return names;
}
