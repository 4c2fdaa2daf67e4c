/** The same with something else for each item. */
export function mapped<Item, Other>(
  items: AsyncIterableIterator<Item, undefined>,
  other: (item: Item) => Other,
): AsyncIterableIterator<Other, undefined> {
  const pass = (result: IteratorResult<Item, undefined>): IteratorResult<Other, undefined> =>
    result.done ? result : { done: false, value: other(result.value) };
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    next: async () => pass(await items.next()),
    return: async () => {
      await items.return?.();
      return { done: true, value: undefined };
    },
  };
}
