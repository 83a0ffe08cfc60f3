const keys = new WeakMap<WeakKey, number>();
let last = 0;

/**
 * Names an opened resource for as long as the page is open. Every record version that is opened gives resources of its
 * own, so that no two share a name, be they equal; and it stays while lists change their order.
 *
 * @param resource - A resource as it was opened.
 */
export function resourceKey(resource: unknown): number {
  const key = keys.get(resource as WeakKey) ?? (last += 1);
  keys.set(resource as WeakKey, key);
  return key;
}
