/**
 * Asks the browser to clear nothing of this page by itself, and does not wait: Firefox asks its person, who may never answer. A
 * browser may say no, or have no such promise.
 */
export function askForLasting(): void {
  navigator.storage?.persist?.().catch(() => false);
}
