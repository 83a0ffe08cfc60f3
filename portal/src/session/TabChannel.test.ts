import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TabChannel } from './TabChannel.ts';

/** A tab, and when it heard something. */
class Tab {
  heard = 0;
  readonly channel: TabChannel;
  #resolve: (() => void) | undefined;

  constructor(name: string) {
    this.channel = new TabChannel(name, () => {
      this.heard += 1;
      this.#resolve?.();
    });
  }

  async next(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#resolve = resolve;
    });
  }
}

describe('a channel between tabs', () => {
  it('is heard by the other tabs, and not by the one that tells', async () => {
    const [one, other] = [new Tab('told'), new Tab('told')];
    const heard = other.next();
    one.channel.tell();
    await heard;
    // An answer shows that nothing of its own came before.
    const answered = one.next();
    other.channel.tell();
    await answered;
    assert.deepEqual([one.heard, other.heard], [1, 1]);
    for (const { channel } of [one, other]) channel.close();
  });

  it('still tells once it was closed, and hears nothing more', async () => {
    const [one, other] = [new Tab('closed'), new Tab('closed')];
    one.channel.close();
    for (let count = 0; count < 2; count += 1) {
      const heard = other.next();
      one.channel.tell();
      await heard;
    }
    other.channel.tell();
    assert.deepEqual([one.heard, other.heard], [0, 2]);
    other.channel.close();
  });
});
