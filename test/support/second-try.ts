import type { Reporter, TestModule } from 'vitest/node';

/** Names the tests that passed only when they were tried again: each of them hides a fault, in it or in what it tests. */
export default class SecondTry implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const unsteady = modules
      .flatMap((module) => [...module.children.allTests()])
      .filter((test) => test.diagnostic()?.flaky === true);
    if (unsteady.length === 0) return;
    const names = unsteady.map(
      ({ module, fullName }) => `  ${module.relativeModuleId}: ${fullName}`,
    );
    // eslint-disable-next-line no-console -- it is what this is for
    console.warn(`passed only when tried again, to be looked into:\n${names.join('\n')}`);
  }
}
