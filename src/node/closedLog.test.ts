import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { examineAudit } from '../client/audit/examineAudit.ts';
import { fetchReceipt } from '../client/audit/fetchReceipt.ts';
import type { Party } from '../client/party/Party.ts';
import { addRecord } from '../client/records/addRecord.ts';
import { readChart } from '../client/records/readChart.ts';
import { utf8ToBytes } from '../crypto/bytes.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import type { Acknowledgement } from '../protocol/evidence.ts';
import type { LogConflict } from '../protocol/LogConflict.ts';
import { failsWith } from '../protocol/test/failsWith.ts';
import { conflictKey } from '../services/coordinator/coordinatorKeys.ts';
import type { RunningOrganisation } from './openOrganisation.ts';
import {
  behind,
  ORGANISATIONS,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from './test/testNetwork.ts';

/** A log that signed two histories: one came on the ledger, the other was presented to the laboratory alone. */

const LOG = 'care/hospital';
let network: TestNetwork;
let care: Care;
let twin: RunningOrganisation;
/** A record of the history that the ledger does not have, and one of the other. */
let lost: Acknowledgement;
let placed: Acknowledgement;
let proof: LogConflict;

before(async () => {
  network = await startTestNetwork();
  care = await startCare(network);
  await network.checkpoint();
  const saved = await network.save('hospital');
  const gone = { knownSize: away, show: away, judge: away, signCheckpoint: away };
  network.liars.coordinator.set('insurer', { ...network.services('insurer').coordinator, ...gone });
  lost = await added('lost');
  network.liars.coordinator.delete('insurer');
  twin = await network.double('hospital', saved);
  network.liars.coordinator.set('hospital', twin.coordinator);
  network.liars.contributor.set('hospital', twin.contributor);
  const { coordinator: laboratory } = network.services('laboratory');
  network.liars.coordinator.set('laboratory', { ...laboratory, ...gone });
  placed = await added('placed', atTwin());
  await twin.administrator.checkpoint();
  network.liars.coordinator.delete('laboratory');
  for (const name of ['laboratory', 'insurer']) await network.services(name).contributor.catchUp();
  await network.services('laboratory').coordinator.collect(seconds());
  const row = await network.database('laboratory', 'coordinator').get(conflictKey(LOG));
  proof = JSON.parse(row ?? assert.fail()) as LogConflict;
});
after(async () => {
  await network.close();
});

async function away(): Promise<never> {
  return await Promise.reject(new MedsealError('PEER_UNREACHABLE', { peer: 'insurer' }));
}

/** The doctor at the second copy. */
function atTwin(): Care {
  const { doctor } = care;
  return { ...care, doctor: { ...doctor, agent: behind(doctor, twin.agent).agent } };
}

async function added(
  text: string,
  { doctor, handle, right }: Care = care,
): Promise<Acknowledgement> {
  const own = { handle, category: 'vitals', purpose: 'TREAT', grant: right.grant } as const;
  return (await addRecord(doctor, { ...own, content: utf8ToBytes(text) })).acknowledgement;
}

async function charted(): Promise<readonly string[]> {
  const { doctor, handle, right } = care;
  const { records } = await readChart(doctor, { handle, grant: right.grant, purpose: 'TREAT' });
  return records.map(({ acknowledgement }) => acknowledgement.entry);
}

/** Has the hospital learn what others were shown, and judge again. */
async function goOn(): Promise<void> {
  for (const name of ['laboratory', 'insurer']) await network.services(name).contributor.catchUp();
  const { rejoining } = network.services('hospital');
  await rejoining.look();
  assert.equal(rejoining.learnt, false);
  await assert.rejects(rejoining.go(), failsWith('NODE_BEHIND'));
  network.clock.advance(11_000);
  await rejoining.go();
  assert.equal(rejoining.learnt, true);
  network.clock.advance(75_000);
  await rejoining.go();
  assert.equal(rejoining.done, true);
}

/** Faults that an audit finds. */
async function faults(): Promise<readonly string[]> {
  const checkpointing = behind(care.patient, {
    ...network.agent(),
    submit: async (submissions) => {
      const outcomes = await network.agent().submit(submissions);
      await network.checkpoint();
      return outcomes;
    },
  });
  return (await examineAudit(checkpointing)).logs.flatMap((log) => log.faults);
}

function seconds(): number {
  return Math.floor(network.clock.now() / 1000);
}

describe('a log that signed two histories', () => {
  // @actor the organisation of a log with two histories | to go on with either of them once somebody has the proof
  it('takes nothing more under its key once others have the proof, in either history, and the other logs go on', async () => {
    await assert.rejects(added('more'), failsWith('LOG_CLOSED', { log: LOG }));
    await assert.rejects(added('more', atTwin()), failsWith('LOG_CLOSED'));
    await network.restart('insurer');
    await assert.rejects(added('more'), failsWith('LOG_CLOSED'), 'it stays closed after a start');
    const { coordinator } = network.services('laboratory');
    const asked = { log: LOG, note: '', entries: [], from: 0, verdicts: [] };
    const views = { log: LOG, recipient: '', views: [] };
    const calls = [
      async () => await coordinator.judge({ log: LOG, bodies: [] }),
      async () => await coordinator.show(asked),
      async () => await coordinator.signCheckpoint(asked),
      async () => await coordinator.release(views),
    ];
    for (const call of calls) await assert.rejects(call, failsWith('LOG_CLOSED'));
    const bodies = await coordinator.judge({ log: 'care/laboratory', bodies: [] });
    assert.deepEqual(bodies.refused, []);
    assert.deepEqual(await network.services('laboratory').coordinator.closedLogs(), [LOG]);
  });

  it('goes on under another key from what the ledger has, with all that was acknowledged, by either copy of its node', async () => {
    await twin.stop();
    await twin.close();
    network.liars.coordinator.clear();
    network.liars.contributor.clear();
    await network.changeLogKey('hospital');
    const { file } = network;
    const follow = (party: Party): Party => ({ ...party, network: file });
    care = { ...care, doctor: follow(care.doctor), patient: follow(care.patient) };
    await goOn();
    await added('after');
    // Those who were shown the lost history sign: without the laboratory there is no checkpoint.
    const { coordinator: insurer } = network.services('insurer');
    network.liars.coordinator.set('insurer', { ...insurer, signCheckpoint: away });
    await network.checkpoint();
    network.liars.coordinator.clear();
    const entries = await charted();
    for (const each of [lost, placed]) assert.ok(entries.includes(each.entry));
    assert.equal(entries.length, 3);
  });

  it('gives the receipt of what it entered again, at its place there', async () => {
    const receipt = await fetchReceipt(care.doctor, lost);
    assert.equal(receipt.acknowledgement.entry, lost.entry);
    assert.notEqual(receipt.acknowledgement.index, lost.index);
    assert.deepEqual((await fetchReceipt(care.doctor, placed)).acknowledgement, placed);
  });

  it('is opened again as it is: nothing is entered twice, and nobody accuses it of its former key', async () => {
    for (const name of ORGANISATIONS) await network.restart(name);
    const hospital = network.services('hospital');
    await hospital.rejoining.look();
    assert.equal(hospital.rejoining.learnt, true);
    for (const name of ORGANISATIONS) await network.services(name).coordinator.collect(seconds());
    await added('once more');
    assert.equal((await charted()).length, 4);
    assert.deepEqual(await faults(), []);
  });

  // @actor a thief of a log's former key, with the organisation's present one | to have an organisation forget what the log presents to it now
  it('keeps what the present key signed, whatever a former key signed', async () => {
    const { coordinator } = network.services('laboratory');
    const known = await coordinator.knownSize(LOG);
    await network.services('laboratory').coordinator.takeConflict(proof);
    assert.equal(await coordinator.knownSize(LOG), known);
    assert.deepEqual(await faults(), []);
    await added('still');
    assert.deepEqual(await network.services('laboratory').coordinator.closedLogs(), []);
  });
});
