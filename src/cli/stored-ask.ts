import { GraphQLError } from 'graphql';
import { DatabaseUnavailableError } from '../history/database-unavailable.js';
import { AskFailure, type Ask } from '../mcp/ask.js';
import { presentError } from '../operate/mask.js';
import { explainStartFailure } from '../start-failure.js';
import { openStoredApi } from './stored-api.js';
import { openCommandDatabase, type CommandDatabase } from './with-database.js';

/** Asks the database that the settings name: it is opened with the first question, and stays open. */
export class StoredAsk {
  readonly #report: (error: unknown) => void;
  #open: Promise<CommandDatabase> | null = null;

  /** @param report is told of what nobody expected */
  constructor(report: (error: unknown) => void) {
    this.#report = report;
  }

  /** Answers from what is stored by then. */
  readonly ask: Ask = async (document, variables) => {
    const context = await this.#database();
    try {
      const run = await openStoredApi(context, (fault) => {
        throw fault;
      });
      return await run(document, variables);
    } catch (error) {
      throw this.#failureOf(error);
    }
  };

  async close(): Promise<void> {
    const open = await this.#open?.catch(() => null);
    await open?.database.close();
  }

  async #database(): Promise<CommandDatabase> {
    this.#open ??= openCommandDatabase();
    try {
      return await this.#open;
    } catch (error) {
      // It may be there when it is asked for again.
      this.#open = null;
      this.#report(error);
      throw new AskFailure(firstLines(error));
    }
  }

  #failureOf(error: unknown): unknown {
    if (error instanceof DatabaseUnavailableError) return new AskFailure(error.message);
    const { cause = error } = error as Error;
    if (!(cause instanceof GraphQLError)) return error;
    return new AskFailure(presentError(cause, 'of dynamics mcp', this.#report).message);
  }
}

/** Why the database cannot be opened: the reasons are for people, but for stacks. */
function firstLines(error: unknown): string {
  const words = explainStartFailure(error).flatMap((line) => line.split('\n    at ').slice(0, 1));
  return `The database cannot be read: ${words.join('\n')}`;
}
