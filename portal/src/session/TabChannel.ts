/**
 * Tells the other tabs of a browser that something changed, and nothing more; hears it from them, and never from itself.
 */
export class TabChannel {
  readonly #name: string;
  #open: BroadcastChannel | undefined;

  /**
   * @param name - The channel.
   * @param heard - Called when another tab tells of a change, until `close`.
   */
  constructor(name: string, heard: () => void) {
    this.#name = name;
    this.#open = new BroadcastChannel(name);
    this.#open.addEventListener('message', heard);
  }

  /** Tells the other tabs; also after `close`, when nobody listens here. */
  tell(): void {
    const to = this.#open ?? new BroadcastChannel(this.#name);
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel is of one origin
    to.postMessage('changed');
    if (to !== this.#open) to.close();
  }

  /** Hears nothing more. */
  close(): void {
    this.#open?.close();
    this.#open = undefined;
  }
}
