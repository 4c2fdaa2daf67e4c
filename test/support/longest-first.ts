import path from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Folders of tests that take longest: for commands, processes and outages. */
const LONG = ['cli', 'system', 'subscriptions', 'mongo', 'turns'];
/** Those with a browser, which takes all that a core can give. */
const WITH_BROWSER = 'dashboard';

/**
 * Begins with what takes longest, so that nothing long is left for the end. Files with a browser are spread
 * among the others, which wait more than they work: side by side they would starve each other.
 */
export default class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const index = LONG.indexOf(folderOf(moduleId));
      return index < 0 ? LONG.length : index;
    };
    const sorted = (await super.sort(files)).sort((one, other) => rank(one) - rank(other));
    const isOfBrowser = ({ moduleId }: TestSpecification): boolean =>
      folderOf(moduleId) === WITH_BROWSER;
    return alternately(
      sorted.filter((file) => !isOfBrowser(file)),
      sorted.filter(isOfBrowser),
    );
  }
}

function folderOf(file: string): string {
  return path.basename(path.dirname(file));
}

function alternately<T>(ones: readonly T[], others: readonly T[]): T[] {
  const length = Math.max(ones.length, others.length);
  return Array.from({ length }, (_, at) => [ones.slice(at, at + 1), others.slice(at, at + 1)]).flat(
    2,
  );
}
