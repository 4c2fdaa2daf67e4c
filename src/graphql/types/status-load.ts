import { Field, Float, Int, ObjectType } from 'type-graphql';
import type { Load } from '../load.js';

@ObjectType('LoadStatus', { description: 'What callers ask of the instance that answers.' })
export class LoadStatusType {
  readonly #load: Load;

  constructor(load: Load) {
    this.#load = load;
  }

  @Field(() => Int, { description: 'Open WebSockets.' })
  get sockets(): number {
    return this.#load.sockets;
  }

  @Field(() => Int, { description: 'Open streams of server-sent events.' })
  get eventStreams(): number {
    return this.#load.eventStreams;
  }

  @Field(() => Int, { description: 'Subscriptions to cycles.' })
  get subscribers(): number {
    return this.#load.subscribers;
  }

  @Field(() => Int, { description: 'Operations that read much of history and are under way.' })
  get heavyUnderWay(): number {
    return this.#load.heavyUnderWay;
  }

  @Field(() => Int, {
    description: 'Operations that read much of history and wait until they may begin.',
  })
  get heavyWaiting(): number {
    return this.#load.heavyWaiting;
  }

  @Field(() => Float, { description: 'Cycles sent to a client, since the start.' })
  get pushedMessages(): number {
    return this.#load.pushedMessages;
  }

  @Field(() => Float, { description: 'Bytes of cycles sent, since the start.' })
  get pushedBytes(): number {
    return this.#load.pushedBytes;
  }

  @Field(() => Int, {
    description:
      'Sockets that were closed with 4508, and event streams that were ended, because their client did not keep up.',
  })
  get slowConsumers(): number {
    return this.#load.slowConsumers;
  }
}
