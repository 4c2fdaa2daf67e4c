import type { Reporter, TestCase, TestModule } from 'vitest/node';

/** Names the tests that passed only when they were tried again: each of them hides a fault, in it or in what it tests. */
export default class SecondTry implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const unsteady = modules
      .flatMap((module) => [...module.children.allTests()])
      .filter((test) => test.diagnostic()?.flaky === true);
    if (unsteady.length === 0) return;
    // oxlint-disable-next-line no-console -- it is what this is for
    console.warn(
      `passed only when tried again, to be looked into:\n${unsteady.map(wordsOf).join('\n')}`,
    );
  }
}

/** Which test it is, and what was wrong at first. */
function wordsOf(test: TestCase): string {
  const faults = (test.result().errors ?? []).map(({ message, stacks = [] }) => {
    const places = stacks.map(({ file, line }) => `\n      ${file}:${line}`).join('');
    return `\n    ${message}${places}`;
  });
  return `  ${test.module.relativeModuleId}: ${test.fullName}${faults.join('')}`;
}
