import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { addRecord } from '../../client/records/addRecord.ts';
import { readChart } from '../../client/records/readChart.ts';
import { utf8ToBytes } from '../../crypto/bytes.ts';
import { TestClock } from '../../ledger/test/TestClock.ts';
import { startCare, startTestNetwork } from '../../node/test/testNetwork.ts';
import { signatory } from '../../protocol/test/sampleNetwork.ts';
import { createAwaiting, LONGEST_WAIT } from './awaitEntries.ts';

const party = signatory('reader').address;
const LOG = 'care/hospital';

/** A log that grows when a test says so, and counts who waits. */
class Growing {
  size = 0;
  readonly waiting = new Set<() => void>();

  async grown(size: number, signal: AbortSignal): Promise<void> {
    if (this.size >= size) return;
    await new Promise<void>((resolve) => {
      this.waiting.add(resolve);
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  grow(): void {
    this.size += 1;
    for (const resolve of this.waiting) resolve();
  }
}

const notHastened = (): void => undefined;

describe('a view that is to come after an entry', () => {
  it('is held back until the copy has it, and not when it has', async () => {
    const log = new Growing();
    const awaiting = createAwaiting(new TestClock(0), new Map([[LOG, log]]), notHastened);
    const waited = awaiting(party, [{ log: LOG, index: 0 }]);
    assert.equal(log.waiting.size, 1);
    log.grow();
    await waited;
    await awaiting(party, [{ log: LOG, index: 0 }]);
    await awaiting(party, []);
    assert.equal(log.waiting.size, 1);
  });

  it('has the entries that it lacks hastened, once for each view', async () => {
    const log = new Growing();
    const asked: unknown[] = [];
    const awaiting = createAwaiting(new TestClock(0), new Map([[LOG, log]]), (...each) =>
      asked.push(each),
    );
    const waited = awaiting(party, [
      { log: LOG, index: 0 },
      { log: 'care/nobody', index: 7 },
    ]);
    assert.deepEqual(asked, [[LOG, 0]]);
    log.grow();
    await waited;
    await awaiting(party, [{ log: LOG, index: 0 }]);
    assert.equal(asked.length, 1);
  });

  it('waits no longer than some seconds, and not for logs that do not exist', async () => {
    const log = new Growing();
    const clock = new TestClock(0);
    const awaiting = createAwaiting(clock, new Map([[LOG, log]]), notHastened);
    await awaiting(party, [{ log: 'care/nobody', index: 7 }]);
    const waited = awaiting(party, [{ log: LOG, index: Number.MAX_SAFE_INTEGER - 1 }]);
    clock.advance(LONGEST_WAIT);
    await waited;
  });

  // @attack views that ask to come after an entry that never comes, to tie up a node | 5 s, 4 of a party and 256 in all; then the chart as it is
  it('does not wait where its party, or everybody together, has too many that do', async () => {
    const log = new Growing();
    const clock = new TestClock(0);
    const awaiting = createAwaiting(clock, new Map([[LOG, log]]), notHastened);
    const after = [{ log: LOG, index: 0 }];
    const held = Array.from({ length: 4 }, async () => await awaiting(party, after));
    await awaiting(party, after);
    for (let other = 0; other < 252; other++) {
      held.push(awaiting(signatory(`reader ${other}`).address, after));
    }
    assert.equal(log.waiting.size, 256);
    await awaiting(signatory('one too many').address, after);
    log.grow();
    await Promise.all(held);
    log.size = 0;
    const again = awaiting(party, after);
    assert.equal(log.waiting.size, 257, 'whoever waited may wait again');
    log.grow();
    await again;
  });
});

describe('a chart at another organisation', () => {
  it('says what it was made from, and has what was acknowledged elsewhere where it is asked to', async () => {
    const network = await startTestNetwork({ cared: true });
    const { patient, handle } = await startCare(network);
    const content = utf8ToBytes('acknowledged at the hospital');
    const purpose = 'PATRQT';
    const { acknowledgement } = await addRecord(patient, {
      handle,
      category: 'other',
      content,
      purpose,
    });
    const elsewhere = { ...patient, agent: network.agent('insurer'), log: 'care/insurer' };
    const stale = await readChart(elsewhere, { handle, purpose, after: [] });
    assert.deepEqual(stale.records, []);
    assert.equal(stale.known.find(({ log }) => log === LOG)?.entries, 0);
    const waiting = readChart(elsewhere, { handle, purpose, after: [acknowledgement] });
    await network.checkpoint();
    const chart = await waiting;
    assert.deepEqual(
      chart.records.map((record) => record.acknowledgement),
      [acknowledgement],
    );
    assert.equal(chart.known.find(({ log }) => log === LOG)?.entries, 1);
    await network.close();
  });
});
