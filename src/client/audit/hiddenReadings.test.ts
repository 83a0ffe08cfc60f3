import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ageIdentity, recipientOf } from '../../crypto/keys/ageIdentity.ts';
import { utf8ToBytes } from '../../crypto/bytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { viewOf } from '../../node/test/requests.ts';
import { sealOf } from '../../node/test/sealOf.ts';
import { behind, startCare, startTestNetwork } from '../../node/test/testNetwork.ts';
import type { Care, TestNetwork } from '../../node/test/testNetwork.ts';
import type { RunningOrganisation } from '../../node/openOrganisation.ts';
import { ZERO32 } from '../../protocol/ids.ts';
import { verifyLogConflict, type LogConflict } from '../../protocol/evidence/LogConflict.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { readerSalt } from '../../protocol/release/readerSalt.ts';
import { submitEvidence } from '../agent/submit.ts';
import { addRecord } from '../records/addRecord.ts';
import { readChart } from '../records/readChart.ts';
import type { Audit, AuditedLog } from './Audit.ts';
import { examineAudit } from './examineAudit.ts';

/** The organisation of a log that shows a view to one organisation, and goes on with another by a second copy of its node. */

let network: TestNetwork;
let care: Care;
let twin: RunningOrganisation;

before(async () => {
  // All release, so that nothing waits for a checkpoint; two checkpoint.
  network = await startTestNetwork({ guarded: true, thresholds: { writes: 2, views: 3 } });
  care = await startCare(network);
  const { doctor, handle, right } = care;
  const opening = right.grant;
  const own = { handle, category: 'vitals', purpose: 'TREAT', grant: opening } as const;
  await addRecord(doctor, { ...own, content: utf8ToBytes('a guarded note') });
  await network.checkpoint();
  const chart = await readChart(doctor, { handle, grant: opening, purpose: 'TREAT' });
  const [{ record, version, acknowledgement, file } = assert.fail()] = chart.records;
  await network.checkpoint();
  const saved = await network.save('hospital');
  // The insurer judges the view, and is not told its place.
  const { coordinator: insurer } = network.services('insurer');
  network.liars.coordinator.set('insurer', { ...insurer, knownSize: away, show: away });
  const recipient = await recipientOf(ageIdentity(new Uint8Array(32).fill(5)));
  const view = viewOf(care, {
    what: 'record',
    record,
    version,
    salt: readerSalt(doctor.primitives, recipient, 0),
  });
  const { acknowledgement: entry } = await submitEvidence(doctor, 'View', view, { opening });
  const seal = await sealOf(network, { file });
  const views = [{ view: entry, place: 0, record: acknowledgement, opening, ...seal }];
  await network.services('laboratory').coordinator.release({ log: doctor.log, recipient, views });
  twin = await network.double('hospital', saved);
  network.liars.coordinator.set('hospital', twin.coordinator);
  network.liars.contributor.set('hospital', twin.contributor);
  network.liars.coordinator.delete('insurer');
  // The ledger has another entry at the place of that view.
  const other = behind(care.doctor, twin.agent);
  await submitEvidence(other, 'View', viewOf(care), { opening });
  await twin.administrator.checkpoint();
});
after(async () => {
  await twin.stop();
  await twin.close();
  await network.close();
});

async function away(): Promise<never> {
  return await Promise.reject(new MedsealError('PEER_UNREACHABLE', { peer: 'insurer' }));
}

/** An audit at the insurer: the log with two histories takes nothing more. */
async function auditElsewhere(): Promise<Audit> {
  const { agent, administrator } = network.services('insurer');
  const checkpointing = behind(care.patient, {
    ...agent,
    submit: async (submissions) => {
      const outcomes = await agent.submit(submissions);
      await administrator.checkpoint();
      for (const name of ['laboratory', 'insurer'])
        await network.services(name).contributor.catchUp();
      return outcomes;
    },
  });
  return await examineAudit({ ...checkpointing, log: 'care/insurer' });
}

/** Findings of an audit in the log with two histories. */
async function audited(): Promise<AuditedLog> {
  const { logs } = await auditElsewhere();
  return logs.find(({ log }) => log === 'care/hospital') ?? assert.fail();
}

describe('a log that shows one history to one organisation, and has another one on the ledger', () => {
  // @actor the organisation of a log that presents one history to an organisation and has another one on the ledger | to have the evidence forgotten once the copy of the log is as long
  it('is a fault of the audit, with the proof at the organisation that it presented the first one to', async () => {
    const { faults } = await audited();
    assert.deepEqual(
      faults.filter((each) => each.startsWith('it signed')).map((each) => each.replace(/\d+/, 'N')),
      ['it signed two entries at #N; laboratory has the proof'],
    );
    const { coordinator } = network.services('laboratory');
    const { acknowledgement } = await auditElsewhere();
    const { conflicts } = await coordinator.releases({ audit: acknowledgement, since: 0, from: 0 });
    const [conflict = assert.fail()] = conflicts;
    const context = { primitives: network.ports.primitives };
    assert.equal(verifyLogConflict(context, network.file, conflict), true);
    const { one, other } = conflict;
    const wrong: LogConflict[] = [
      { ...conflict, one: other },
      { ...conflict, other: one },
      { ...conflict, index: conflict.index + 1 },
      { ...conflict, log: 'care/insurer' },
      { ...conflict, log: 'care/nobody' },
      { ...conflict, one: { ...one, note: other.note } },
      { ...conflict, one: { ...one, entry: ZERO32 } },
      { ...conflict, one: { ...one, proof: one.proof.slice(1) } },
      { ...conflict, other: { ...other, note: other.note.replace(/\n\d+\n/, '\n9\n') } },
      { ...conflict, other: { ...other, proof: other.proof.map(() => ZERO32) } },
    ];
    for (const each of wrong) {
      assert.equal(verifyLogConflict(context, network.file, each), false, JSON.stringify(each));
    }
    // It stays known after a start.
    await network.restart('laboratory');
    const again = network.services('laboratory').coordinator;
    const told = await again.releases({ audit: acknowledgement, since: 0, from: 0 });
    assert.deepEqual(told.conflicts, conflicts);
  });

  it('is told by no organisation that it presented nothing else to', async () => {
    const { acknowledgement } = await auditElsewhere();
    const { coordinator } = network.services('insurer');
    const { conflicts } = await coordinator.releases({ audit: acknowledgement, since: 0, from: 0 });
    assert.deepEqual(conflicts, []);
  });
});

function seconds(): number {
  return Math.floor(network.clock.now() / 1000);
}

/** Proofs that an organisation tells to an audit. */
async function told(at: Pick<RunningOrganisation, 'coordinator'>): Promise<readonly LogConflict[]> {
  const { acknowledgement } = await auditElsewhere();
  const asked = { audit: acknowledgement, since: 0, from: 0 };
  return (await at.coordinator.releases(asked)).conflicts;
}

describe('the proof that a log signed two histories', () => {
  // @actor an organisation that sends false proofs of two histories | to accuse a log, or to fill the others' disks
  it('is taken from nobody who shows no such proof, whoever it is', async () => {
    const [conflict = assert.fail()] = await told(network.services('laboratory'));
    const { one, other } = conflict;
    const wrong: LogConflict[] = [
      { ...conflict, other: one },
      { ...conflict, index: conflict.index + 1 },
      { ...conflict, log: 'care/insurer' },
      { ...conflict, log: 'care/nobody' },
      { ...conflict, one: { ...one, note: other.note } },
      { ...conflict, other: { ...other, entry: ZERO32 } },
    ];
    const { coordinator } = network.services('insurer');
    for (const each of wrong) {
      await assert.rejects(coordinator.takeConflict(each), failsWith('EVIDENCE_INVALID'));
    }
    assert.deepEqual(await told(network.services('insurer')), []);
  });

  // @actor the organisation of a log with two histories, if others are away or start again | to keep the proof with the one organisation that found it
  it('is passed to every organisation, again after a start until each has it, and stays there', async () => {
    const [conflict = assert.fail()] = await told(network.services('laboratory'));
    const insurer = network.services('insurer');
    network.liars.coordinator.set('insurer', { ...insurer.coordinator, takeConflict: away });
    await network.services('laboratory').coordinator.collect(seconds());
    network.liars.coordinator.delete('insurer');
    assert.deepEqual(await told(insurer), []);
    assert.deepEqual(await told(twin), [conflict], 'the one that lied has it too');
    await network.restart('laboratory');
    await network.services('laboratory').coordinator.collect(seconds());
    assert.deepEqual(await told(insurer), [conflict]);
    // Another proof of the same log is not kept beside it.
    await insurer.coordinator.takeConflict({
      ...conflict,
      one: conflict.other,
      other: conflict.one,
    });
    await network.restart('insurer');
    assert.deepEqual(await told(network.services('insurer')), [conflict]);
  });

  it('is in each audit then, from each organisation', async () => {
    const faults = (await audited()).faults.filter((each) => each.startsWith('it signed'));
    const holders = faults.map((each) => /; (\w+) has the proof$/.exec(each)?.[1]);
    assert.deepEqual(new Set(holders), new Set(['hospital', 'insurer', 'laboratory']));
    assert.equal(holders.length, 3);
  });
});

describe('a reading that no log has', () => {
  // @actor the same, where a release waits for no checkpoint | to keep the reading out of the patient's audit
  it('is told by the organisation that released for it, at once as unchecked, and as a fault once it was due', async () => {
    const young = await audited();
    const absent = /^laboratory released the key of a record on \S+ for a view \(entry 0x/;
    assert.match(young.unchecked.find((each) => absent.test(each)) ?? '', /no checkpoint yet$/);
    network.clock.advance(601_000);
    const { faults } = await audited();
    assert.ok(faults.length > 1);
    assert.match(faults.find((each) => absent.test(each)) ?? '', /which this log does not have$/);
  });
});
