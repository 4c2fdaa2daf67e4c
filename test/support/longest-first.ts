import path from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Folders of tests that wait longest: for commands, processes, outages and a browser. */
const LONG = ['cli', 'system', 'dashboard', 'subscriptions', 'mongo', 'turns'];

/** Begins with what takes longest, so that nothing long is left for the end. */
export default class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const index = LONG.indexOf(path.basename(path.dirname(moduleId)));
      return index < 0 ? LONG.length : index;
    };
    return (await super.sort(files)).sort((one, other) => rank(one) - rank(other));
  }
}
