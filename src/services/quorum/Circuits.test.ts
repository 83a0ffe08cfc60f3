import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TestClock } from '../../ledger/test/TestClock.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { word } from '../../protocol/test/sampleNetwork.ts';
import type { PeerPorts } from '../peers/peerCalls.ts';
import { Circuits } from './Circuits.ts';

describe('a circuit that is open', () => {
  it('does not ask the peer for a file, whose failure nobody would hear', async () => {
    const clock = new TestClock(1_800_000_000_000);
    let asked = 0;
    const contributor = {
      stats: async () => await new Promise(() => undefined),
      file: () => {
        asked += 1;
        throw new Error('it was asked');
      },
    };
    const ports = { coordinator: {}, contributor, authority: {} } as unknown as PeerPorts;
    const guarded = new Circuits(clock).guard('laboratory', ports);
    void guarded.contributor.stats([word('file')]);
    for (let look = 0; look < 10; look++) clock.advance(500);
    const content = guarded.contributor.file(word('file'))[Symbol.asyncIterator]();
    await assert.rejects(
      Promise.resolve(content.next()),
      failsWith('PEER_UNREACHABLE', { peer: 'laboratory' }),
    );
    assert.equal(asked, 0);
  });
});
