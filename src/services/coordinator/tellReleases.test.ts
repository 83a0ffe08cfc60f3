import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { examineAudit } from '../../client/audit/examineAudit.ts';
import { lyingTo } from '../../client/test/lyingTo.ts';
import type { ServiceDatabase } from '../../database/synced.ts';
import {
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import type { Acknowledgement } from '../../protocol/evidence/evidence.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import { listRoot } from '../../protocol/wire/listRoot.ts';
import { MOST_NOTED } from '../../protocol/release/ReleaseNote.ts';
import type { ReleasesTold } from '../../protocol/release/ReleasesTold.ts';
import { word } from '../../protocol/test/sampleNetwork.ts';
import { releasedKey, releasedOfKey } from './coordinatorKeys.ts';

const PAGES = 3;

let network: TestNetwork;
let care: Care;
let audit: Acknowledgement;
let database: ServiceDatabase;
let names: Bytes32[];

before(async () => {
  network = await startTestNetwork({ guarded: true });
  care = await startCare(network);
  ({ acknowledgement: audit } = await examineAudit(lyingTo(network, care.patient, {})));
  database = network.database('laboratory', 'coordinator');
  names = [];
  for (let nth = 0; nth < PAGES * MOST_NOTED; nth++) await note(nth);
});
after(async () => await network.close());

/** Has the laboratory note a release of the chart. */
async function note(nth: number): Promise<void> {
  const name = word(`note ${nth}`);
  const at = 1_000_000 + nth;
  const [log, key, recipient] = [word('log'), word('key'), word('recipient')];
  const signature = `0x${'11'.repeat(65)}`;
  const row = { log, key, recipient, at, signature, handle: care.handle };
  await database.put(releasedKey(name), JSON.stringify(row));
  await database.put(releasedOfKey(care.handle, at, name), '');
  names.push(name);
}

async function page(from: number): Promise<ReleasesTold> {
  return await network.services('laboratory').coordinator.releases({ audit, since: 0, from });
}

describe('a long list of releases', () => {
  // @class somebody who reads the chart while it is audited | an honest organisation's pages are of different lists, and count as none
  it('is one list on all pages, whatever is released meanwhile', async () => {
    const { primitives } = care.patient;
    const last = listRoot(primitives, names);
    const told: string[] = [];
    for (let from = 0; from < PAGES * MOST_NOTED; from += MOST_NOTED) {
      const { notes, tally } = await page(from);
      assert.deepEqual([tally.count, tally.last], [PAGES * MOST_NOTED, last]);
      told.push(...notes.map(({ entry }) => entry));
      if (from === 0) await note(PAGES * MOST_NOTED);
    }
    assert.deepEqual(told, names.slice(0, PAGES * MOST_NOTED));
    assert.equal((await page(0)).tally.count, names.length, 'the first page is of the list now');
  });

  // @class whoever read much of a chart | each page of an audit costs coordinators the whole list again
  it('is read once for all its pages', async (t) => {
    const keys = t.mock.method(database, 'keys');
    for (let from = 0; from < PAGES * MOST_NOTED; from += MOST_NOTED) await page(from);
    const ranges = keys.mock.calls.map((call) => JSON.stringify(call.arguments));
    assert.equal(ranges.filter((each) => each.includes('releasedOf/')).length, 1);
  });
});
