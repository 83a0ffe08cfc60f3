/**
 * Gives the values of promises in the order in which they resolve, so that none waits for another.
 *
 * @param promises - None of them may reject.
 */
export async function* inOrderOfSettling<Value>(
  promises: readonly Promise<Value>[],
): AsyncGenerator<Value, void> {
  const waiting = new Map(
    promises.map((promise, place) => [place, promise.then((value) => ({ place, value }))]),
  );
  while (waiting.size > 0) {
    const { place, value } = await Promise.race(waiting.values());
    waiting.delete(place);
    yield value;
  }
}
