/** Wakes everyone who waits for the next firing. It carries no value. */
export class Signal {
  readonly #waiting = new Set<() => void>();

  fire(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const wake of waiting) wake();
  }

  /** Resolves at the next {@link fire}, or when the signal is aborted. */
  next(abort: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (abort.aborted) return resolve();
      const wake = (): void => {
        abort.removeEventListener('abort', wake);
        this.#waiting.delete(wake);
        resolve();
      };
      this.#waiting.add(wake);
      abort.addEventListener('abort', wake);
    });
  }
}
