import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Party } from '../client/party/Party.ts';
import { addRecord } from '../client/records/addRecord.ts';
import { readChart } from '../client/records/readChart.ts';
import { utf8ToBytes } from '../crypto/bytes.ts';
import { coordinatorsIn, logOf } from '../protocol/network/networkLookups.ts';
import { HANDOVER } from '../protocol/network/officesOf.ts';
import { failsWith } from '../protocol/test/failsWith.ts';
import { rowsOf } from '../services/coordinator/coordinatorKeys.ts';
import { askToSign } from '../services/test/askToSign.ts';
import { ZERO32 } from '../protocol/ids.ts';
import { sign } from '../protocol/struct/signing.ts';
import { word } from '../protocol/test/sampleNetwork.ts';
import {
  BEGIN,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from './test/testNetwork.ts';

/** An organisation acknowledges a version of a record, dies before the next checkpoint, and is voted out. */

const LOG = 'care/hospital';
const STAYING = ['laboratory', 'insurer'] as const;
const ended = failsWith('LOG_ENDED', { log: LOG });
let network: TestNetwork;
let care: Care;
/** A record on the ledger, whose second version the hospital promised. */
let base: Added;

type Added = Awaited<ReturnType<typeof addRecord>>;

before(async () => {
  const policy = { maxEntries: 1_000_000, maxDelay: 1_000_000_000 };
  network = await startTestNetwork({ policy });
  care = await startCare(network);
  base = await added('base', care.patient);
  await network.checkpoint();
  await added('promised', care.patient, base);
  await network.leave('hospital');
});
after(async () => await network.close());

/** The patient at the node of another organisation. */
function at(name: string): Party {
  const { patient } = care;
  return { ...patient, network: network.file, agent: network.agent(name), log: `care/${name}` };
}

async function added(text: string, patient: Party, amends?: Added): Promise<Added> {
  const { handle } = care;
  const own = { handle, category: 'vitals', purpose: 'PATRQT' } as const;
  const content = utf8ToBytes(text);
  return await addRecord(patient, { ...own, content, ...(amends && { amends }) });
}

/** Makes a block of now, and has the others do what they do every ten minutes. */
async function goOn(): Promise<void> {
  await added('something else', at('laboratory'));
  await network.services('laboratory').administrator.checkpoint();
  for (const name of STAYING) {
    const { coordinator, contributor } = network.services(name);
    await contributor.catchUp();
    await coordinator.collect(Math.floor(network.clock.now() / 1000));
  }
}

/** Has the ledger, whose office a test does not change, tell of the coordinators that stayed. */
function changeOffice(): void {
  const { threshold, members } = coordinatorsIn(logOf(network.file, LOG).channel);
  for (const name of STAYING) {
    const { index } = network.services(name);
    index.office = () => ({ threshold, seats: members.map(({ address }) => address) });
  }
}

/** Returns the answer of another agent to a request that the hospital did not enter. */
async function asked(): Promise<unknown> {
  const { doctor, handle } = care;
  const message = {
    log: LOG,
    what: 'request',
    handle,
    request: word('lost'),
    grant: ZERO32,
    purpose: 'TREAT',
    deadline: BEGIN + 300,
    salt: `0x${'07'.repeat(16)}`,
  } as const;
  const request = sign(doctor, doctor, 'Ask', message);
  const [outcome] = await network.agent('laboratory').submit([{ request }]);
  return outcome?.outcome === 'refused' ? outcome.problem.code : outcome?.outcome;
}

async function rowsAt(name: string): Promise<readonly unknown[]> {
  const rows = await network.database(name, 'coordinator').values(rowsOf('ended')).all();
  return rows.map((row) => JSON.parse(row) as unknown);
}

describe('the version that a lost log promised', () => {
  const disputed = failsWith('REQUEST_ALTERED');

  it('is claimed while coordinators of before may still make a checkpoint with it', async () => {
    await assert.rejects(added('again', at('laboratory'), base), disputed);
    network.clock.advance((HANDOVER - 10) * 1000);
    changeOffice();
    await goOn();
    await assert.rejects(added('again', at('laboratory'), base), disputed);
    assert.deepEqual(await rowsAt('laboratory'), []);
  });

  it('is claimed while the ledger still counts the signatures of who left', async () => {
    network.clock.advance(60_000);
    for (const name of STAYING) await network.restart(name);
    await goOn();
    await assert.rejects(added('again', at('laboratory'), base), disputed);
    assert.deepEqual(await rowsAt('laboratory'), []);
    assert.equal(await asked(), 'NOT_YET', 'nor does anybody sign again what it did not answer');
  });

  it('is free once those that stayed ended the log: another organisation writes it, once', async () => {
    changeOffice();
    await goOn();
    for (const name of STAYING) {
      assert.deepEqual(await rowsAt(name), [{ size: 1, own: true, agreed: 1 }], name);
    }
    assert.equal(await asked(), 'LOG_WRONG', 'it is signed again for another log');
    const again = await added('again', at('laboratory'), base);
    assert.deepEqual([again.version, again.acknowledgement.log], [2, 'care/laboratory']);
    assert.equal(again.acknowledgement.verdicts.length, 2);
    const other = added('other', at('insurer'), base);
    await assert.rejects(other, disputed, 'and nobody writes it a second time');
    await goOn();
    const chart = await readChart(at('insurer'), { handle: care.handle, purpose: 'PATRQT' });
    const versions = chart.records.filter(({ record }) => record === base.record);
    assert.deepEqual(
      versions.map(({ version }) => version),
      [1, 2],
    );
  });

  it('never comes: nothing more of that log is judged, shown, signed or released, after a restart too', async () => {
    const entries = [`0x${'01'.repeat(32)}`, `0x${'02'.repeat(32)}`] as const;
    for (const name of STAYING) {
      await network.restart(name);
      const { coordinator } = network.services(name);
      const asked = askToSign(network, entries, {});
      await assert.rejects(coordinator.signCheckpoint(asked), ended, name);
      await assert.rejects(coordinator.show(asked), ended);
      await assert.rejects(coordinator.judge({ log: LOG, bodies: [] }), ended);
      const release = { log: LOG, recipient: 'age1', views: [] };
      await assert.rejects(coordinator.release(release), ended);
      changeOffice();
      assert.equal(await coordinator.ended(LOG), 1);
    }
  });
});
