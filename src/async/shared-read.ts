/**
 * One read for all who ask at the same time. Whoever asks gets what was read after it asked: while a
 * read is under way, the next one is for everyone who came meanwhile.
 */
export class SharedRead<T> {
  readonly #read: () => Promise<T>;
  #running: Promise<T> | null = null;
  #next: Promise<T> | null = null;

  constructor(read: () => Promise<T>) {
    this.#read = read;
  }

  get(): Promise<T> {
    if (this.#running === null) return this.#start();
    const start = (): Promise<T> => {
      this.#next = null;
      return this.#start();
    };
    return (this.#next ??= this.#running.then(start, start));
  }

  #start(): Promise<T> {
    const running = this.#read();
    this.#running = running;
    const done = (): void => {
      if (this.#running === running) this.#running = null;
    };
    running.then(done, done);
    return running;
  }
}
