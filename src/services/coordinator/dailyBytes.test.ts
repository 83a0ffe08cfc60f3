import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { addRecord } from '../../client/records/addRecord.ts';
import type { Party } from '../../client/party/Party.ts';
import { grantRight } from '../../client/rights/grantRight.ts';
import { utf8ToBytes } from '../../crypto/bytes.ts';
import type { ErrorCode } from '../../errors/catalogue.ts';
import { judgedBody, uploaded, writeOf } from '../../node/test/requests.ts';
import {
  BEGIN,
  everything,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import type { Write } from '../../protocol/struct/requests.ts';
import { sign } from '../../protocol/struct/signing.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { DAILY_BYTES, SHARES } from './ByteAllowance.ts';

/** Small files count as 64 KiB: a patient may add two of them in a day. */
const FILES = 2;
const DAY = 24 * 3600 * 1000;

let network: TestNetwork;
let care: Care;
let notes = 0;
before(async () => {
  network = await startTestNetwork({ numbers: { dailyBytes: FILES * 2 ** 16 } });
  care = await startCare(network);
});
after(async () => await network.close());

async function add(party: Party, grant?: Care['right']['grant']): Promise<void> {
  const { handle } = care;
  const right =
    grant === undefined ? ({ purpose: 'PATRQT' } as const) : ({ purpose: 'TREAT', grant } as const);
  notes += 1;
  await addRecord(party, {
    handle,
    category: 'vitals',
    ...right,
    content: utf8ToBytes(`note ${notes}`),
  });
}

describe('the bytes that are added to a chart in a day', () => {
  // @actor a patient, or whoever may write on a chart | fills the disks of all organisations with sealed files
  it('are bounded by its coordinators, by role, and there are as many the next day', async () => {
    const { patient, doctor, right } = care;
    const spent = failsWith('QUOTA_SPENT', { what: DAILY_BYTES });
    for (let count = 0; count < FILES; count++) await add(patient);
    for (let again = 0; again < 2; again++) await assert.rejects(add(patient), spent);
    let added = 0;
    const addAll = async (): Promise<void> => {
      for (; added < 1000; added++) await add(doctor, right.grant);
    };
    await assert.rejects(addAll(), spent);
    assert.ok(added > FILES && added <= FILES * SHARES.treating, `${added}`);
    network.clock.advance(DAY);
    await add(patient);
  });

  // @actor a patient, or whoever may write on a chart, after nodes were restarted | adds a whole day's bytes once more
  it('are counted on by nodes that begin again, from what their logs hold of the day', async () => {
    const other = await startTestNetwork({ cared: true, numbers: { dailyBytes: FILES * 2 ** 16 } });
    try {
      const { patient, handle } = await startCare(other);
      const note = { handle, category: 'vitals', purpose: 'PATRQT' } as const;
      for (let count = 0; count < FILES; count++) {
        await addRecord(patient, { ...note, content: utf8ToBytes(`kept ${count}`) });
      }
      await other.services('hospital').administrator.checkpoint();
      for (const name of ['hospital', 'laboratory', 'insurer'] as const) {
        await other.services(name).contributor.catchUp();
        await other.restart(name);
      }
      const added = addRecord(patient, { ...note, content: utf8ToBytes('one more') });
      await assert.rejects(added, failsWith('QUOTA_SPENT', { what: DAILY_BYTES }));
      other.clock.advance(DAY);
      await addRecord(patient, { ...note, content: utf8ToBytes('the next day') });
    } finally {
      await other.close();
    }
  });

  // @actor a party with rights on many charts | sends files to its node for as many charts as it likes
  it('are bounded for a party at its agent too, before a byte is taken, whatever it says that they are for', async () => {
    const other = await startTestNetwork({ cared: true, numbers: { dailyBytes: 1024 } });
    try {
      const { doctor, handle, right } = await startCare(other);
      const content = new Uint8Array(2 ** 21);
      const note = { handle, category: 'vitals', purpose: 'TREAT', grant: right.grant } as const;
      await assert.rejects(
        addRecord(doctor, { ...note, content }),
        failsWith('QUOTA_SPENT', { what: DAILY_BYTES }),
      );
    } finally {
      await other.close();
    }
  });
});

describe('a sealed file', () => {
  // @class a write that can be refused without its sealed file (day's bytes, epoch due or stale, right, version taken) | takes disk of an organisation
  // @actor 2 to 4 patients who are over their limit of the day | have every coordinator fetch files that it then refuses, until it fetches nothing for anybody's write of that log for an hour
  it('is fetched by no coordinator for a write that is refused whatever the file is', async () => {
    const short = await startTestNetwork({ cared: true, numbers: { dailyBytes: 2 ** 16 } });
    try {
      const people = await startCare(short);
      const { doctor, patient, stranger } = people;
      const { coordinator, vault } = short.services('laboratory');
      const judge = async (write: Write): Promise<ErrorCode | undefined> => {
        const bodies = [judgedBody(short, people, sign(doctor, doctor, 'Write', write))];
        const { refused } = await coordinator.judge({ log: 'care/hospital', bodies });
        return refused[0]?.problem.code;
      };
      const taken = await writeOf(people);
      assert.equal(await judge(taken), undefined);
      assert.ok(await vault.stat(taken.file));
      const large = await uploaded(doctor, doctor.random(2 ** 20 + 1));
      const refusals: readonly [Partial<Write>, ErrorCode, (() => Promise<unknown>)?][] = [
        [large, 'QUOTA_SPENT'],
        [{ record: taken.record }, 'REQUEST_ALTERED'],
        [{ epoch: 2 }, 'EPOCH_STALE'],
        [{ purpose: 'HRESCH' }, 'RIGHT_MISSING'],
        [
          {},
          'EPOCH_DUE',
          async () => {
            await grantRight(patient, { ...everything(stranger), until: BEGIN + 60 });
            short.clock.advance(60_000);
          },
        ],
      ];
      for (const [change, code, before] of refusals) {
        await before?.();
        const write = await writeOf(people, { ...(await uploaded(doctor)), ...change });
        assert.equal(await judge(write), code);
        assert.equal(await vault.stat(write.file), undefined, code);
      }
    } finally {
      await short.close();
    }
  });
});
