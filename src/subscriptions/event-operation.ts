import type { GraphQLFormattedError } from 'graphql';
import type { ErrorCode } from '../graphql/errors.js';
import { writeJson, type JsonText } from '../graphql/json.js';
import type { EventOutlet } from './event-outlet.js';
import { comment, COMPLETE, nextEvent, nextWithoutId } from './event-text.js';
import { RunningOperation, rewoundWords } from './running-operation.js';
import type { SharedMessages } from './shared-messages.js';

/** The one operation of an event stream, which ends with it. */
export class EventOperation extends RunningOperation<EventOutlet> {
  override next(answer: JsonText): void {
    if (!this.isOver) this.wire.write(nextEvent(answer));
  }

  override sendShared(messages: SharedMessages): number | null {
    return this.wire.sendShared(messages);
  }

  override fail(errors: readonly GraphQLFormattedError[]): void {
    this.#endWith(nextEvent(writeJson({ errors })), COMPLETE);
  }

  override complete(): void {
    this.#endWith(COMPLETE);
  }

  override rewound(stands: number): void {
    const extensions = { code: 'REWOUND' satisfies ErrorCode, stands };
    const errors = [{ message: rewoundWords(stands), extensions }];
    this.#endWith(nextWithoutId(writeJson({ errors })), COMPLETE);
  }

  /** Without `complete`: the client comes back, with the turn that it has got to. */
  override interrupt(words = 'cycles cannot be read at the moment'): void {
    this.#endWith(comment(words));
  }

  #endWith(...last: readonly Buffer[]): void {
    if (this.isOver) return;
    this.end();
    this.wire.finish(Buffer.concat(last));
  }
}
