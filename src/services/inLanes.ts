/**
 * Works off items as they come, several at once.
 *
 * @param items - The items.
 * @param lanes - Number of items at once.
 * @param work - Does one; what it throws ends all lanes.
 */
export async function inLanes<Item>(
  items: AsyncIterable<Item> | Iterable<Item>,
  lanes: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const rest =
    Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
  const lane = async (): Promise<void> => {
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) {
      await work(next.value);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}
