/** Words for a browser whose person cleared the cache. */
const OTHERWISE = 'There is news in Medseal. Open it to see.';

/**
 * Keeps the words by which the service worker says that there is news, in the person's language: it has no other.
 *
 * @param scope - Address of the portal's page, with its last slash.
 * @param words - The words, which are the same for all news.
 */
export async function keepNewsWords(scope: string, words: string): Promise<void> {
  await (await caches.open(nameOf(scope))).put(scope, new Response(words));
}

/**
 * Returns the words that say that there is news.
 *
 * @param scope - Address of the portal's page, with its last slash.
 */
export async function readNewsWords(scope: string): Promise<string> {
  const kept = await (await caches.open(nameOf(scope))).match(scope);
  return (await kept?.text()) ?? OTHERWISE;
}

function nameOf(scope: string): string {
  return `news of ${scope}`;
}
