import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { bytesToHex, utf8ToBytes } from '../../crypto/bytes.ts';
import type { ErrorCode } from '../../errors/catalogue.ts';
import { judgedBody } from '../../node/test/requests.ts';
import {
  behind,
  everything,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import type { Body, Outcome } from '../../protocol/evidence/evidence.ts';
import { ZERO32 } from '../../protocol/ids.ts';
import type { Erase, Signed } from '../../protocol/struct/requests.ts';
import { sign } from '../../protocol/struct/signing.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import type { Category } from '../../protocol/vocabulary.ts';
import { submitEvidence } from '../agent/submit.ts';
import { readAudit } from '../audit/readAudit.ts';
import { confirmFacts } from '../audit/confirmFacts.ts';
import type { Party } from '../party/Party.ts';
import { addRecord } from '../records/addRecord.ts';
import { readChart } from '../records/readChart.ts';
import { grantRight } from '../rights/grantRight.ts';
import { revokeRight } from '../rights/revokeRight.ts';
import { readPatientState } from '../state/PatientState.ts';
import { inTime } from '../test/inTime.ts';
import { eraseKeys } from './eraseKeys.ts';
import { hasErasable } from './hasErasable.ts';
import { refreshPackets } from './refreshPackets.ts';

const DAY = 86_400;
const kept = failsWith('RETENTION_ACTIVE');

let network: TestNetwork;
beforeEach(async () => {
  network = await startTestNetwork({ cared: true, numbers: { retentionDays: 30 } });
});
afterEach(async () => await network.close());

/** A patient whose right for a doctor lasts. */
async function startLasting(): Promise<Care> {
  const care = await startCare(network);
  const right = await grantRight(care.patient, {
    ...everything(care.doctor),
    until: now() + 90 * DAY,
  });
  return { ...care, right };
}

function now(): number {
  return Math.floor(network.clock.now() / 1000);
}

async function add(by: Party, { handle, right, patient }: Care, category: Category): Promise<void> {
  const own = { handle, category, content: utf8ToBytes(category) };
  const { grant } = right;
  const reliance =
    by === patient ? { purpose: 'PATRQT' as const } : { grant, purpose: 'TREAT' as const };
  await addRecord(by, { ...own, ...reliance });
}

/** An erasure by a program of the patient's own, which destroys nothing before: of all that was written so far. */
async function ownErase(care: Care, category: Category): Promise<Erase> {
  const { handle } = care;
  const other = await network.party('nurse');
  const given = await grantRight(care.patient, { ...everything(other), until: now() + DAY });
  await inTime(network, revokeRight(care.patient, given.digest));
  const { patient } = await confirmFacts(care.patient, { handle });
  return {
    log: care.patient.log,
    handle,
    category,
    epoch: (patient?.epoch ?? 0) - 1,
    grant: ZERO32,
    purpose: 'PATRQT',
    deadline: now() + 300,
    salt: bytesToHex(care.patient.random(16)),
  };
}

/** Reason for which the laboratory's coordinator does not sign what the hospital's agent shows it; undefined if it does. */
async function judge(
  care: Care,
  request: Signed<'Erase'>,
  change: Partial<Body>,
): Promise<ErrorCode | undefined> {
  const { coordinator } = network.services('laboratory');
  const body = judgedBody(network, care, request, change);
  const { refused } = await coordinator.judge({ log: 'care/hospital', bodies: [body] });
  return refused[0]?.problem.code;
}

describe('a network whose terms keep categories from erasure', () => {
  // @actor a patient, before a legal term is over | erases what a doctor has to keep
  it('lets nobody erase one in which somebody else wrote, and destroys no key before it says so', async () => {
    const care = await startLasting();
    await add(care.doctor, care, 'imaging');
    const before = await readPatientState(care.patient);
    const at = now();
    await assert.rejects(inTime(network, hasErasable(care.patient, 'imaging')), kept);
    await assert.rejects(
      inTime(network, eraseKeys(care.patient, 'imaging')),
      failsWith('RETENTION_ACTIVE', {
        category: 'imaging',
        until: `${new Date((at + 30 * DAY) * 1000).toISOString().slice(0, 19)}Z`,
      }),
    );
    const { keyring, erasing } = await readPatientState(care.patient);
    assert.deepEqual([keyring, erasing], [before.keyring, before.erasing]);
  });

  it('lets the patient erase what they wrote themselves, and other categories', async () => {
    const care = await startLasting();
    await add(care.doctor, care, 'imaging');
    await add(care.patient, care, 'medications');
    await inTime(network, eraseKeys(care.patient, 'medications'));
    const { handle } = care;
    const { records } = await readChart(care.patient, { handle, purpose: 'PATRQT' });
    assert.equal(records.length, 2);
    const { erasing = {} } = await readPatientState(care.patient);
    assert.deepEqual(erasing, {});
  });

  it('counts from the newest record, and lets erase from the day on', async () => {
    const care = await startLasting();
    await add(care.doctor, care, 'imaging');
    network.clock.advance(20 * DAY * 1000);
    await add(care.doctor, care, 'imaging');
    network.clock.advance(29 * DAY * 1000);
    await assert.rejects(inTime(network, eraseKeys(care.patient, 'imaging')), kept);
    network.clock.advance(DAY * 1000);
    const epoch = await inTime(network, eraseKeys(care.patient, 'imaging'));
    assert.ok(epoch > 0);
    const { erasing = {} } = await readPatientState(care.patient);
    assert.deepEqual(erasing, {}, 'the log has it');
  });

  it('has nodes refuse the erasure of a program that does not ask, with evidence of the refusal', async () => {
    const care = await startLasting();
    await add(care.doctor, care, 'imaging');
    const erase = await ownErase(care, 'imaging');
    await assert.rejects(submitEvidence(care.patient, 'Erase', erase), kept);
    const { logs } = await inTime(network, readAudit(care.patient));
    const codes = logs.flatMap(({ events }) => events.map(({ body }) => body?.code));
    assert.ok(codes.includes('RETENTION_ACTIVE'));
  });

  it('has no coordinator sign for an agent that lets it pass, or that refuses one which nothing keeps', async () => {
    const care = await startLasting();
    await add(care.doctor, care, 'imaging');
    const erase = await ownErase(care, 'imaging');
    // By then all organisations have the doctor's entry.
    await inTime(network, readAudit(care.patient));
    const request = sign(care.patient, care.patient, 'Erase', { ...erase, deadline: now() + 300 });
    assert.equal(await judge(care, request, { flag: 'A' }), 'RETENTION_ACTIVE');
    const refusal = { flag: 'R', code: 'RETENTION_ACTIVE' } as const;
    assert.equal(await judge(care, request, refusal), undefined);
    const other = sign(care.patient, care.patient, 'Erase', {
      ...request.message,
      category: 'billing',
    });
    assert.equal(await judge(care, other, refusal), 'ANSWER_DISPUTED');
    assert.equal(await judge(care, other, { flag: 'A' }), undefined);
  });

  // @actor an agent that leaves a record out of the patient's list | has the patient's device destroy keys of what the terms keep
  it('destroys no key on the list of an agent that leaves the record of a doctor out', async () => {
    const care = await startLasting();
    await add(care.patient, care, 'imaging');
    await add(care.doctor, care, 'imaging');
    const hiding = behind(care.patient, {
      submit: async (asked) => (await care.patient.agent.submit(asked)).map(withoutOthers),
    });
    const before = await readPatientState(care.patient);
    await assert.rejects(
      inTime(network, eraseKeys(hiding, 'imaging')),
      failsWith('ANSWER_DISPUTED'),
    );
    assert.deepEqual((await readPatientState(care.patient)).keyring, before.keyring);

    function withoutOthers(outcome: Outcome): Outcome {
      const release = outcome.outcome === 'acknowledged' ? outcome.release : undefined;
      if (release === undefined || !('records' in release)) return outcome;
      const records = release.records.filter(({ body }) => body.includes(care.patient.address));
      return { ...outcome, release: { ...release, records } } as Outcome;
    }
  });

  it('takes an erasure later if somebody wrote in the moment before the keys turned, and holds up nothing else', async () => {
    const care = await startLasting();
    await add(care.patient, care, 'imaging');
    let isWritten = false;
    const racing = behind(care.patient, {
      submit: async (asked) => {
        if (!isWritten && asked.some(({ request }) => request.type === 'CommitEpochs')) {
          isWritten = true;
          await add(care.doctor, care, 'imaging');
        }
        return await care.patient.agent.submit(asked);
      },
    });
    await assert.rejects(inTime(network, eraseKeys(racing, 'imaging')), kept);
    assert.ok((await readPatientState(care.patient)).erasing?.imaging);
    const nurse = await network.party('nurse');
    await grantRight(care.patient, { ...everything(nurse), until: now() + DAY });
    const refusals = async (): Promise<number> => {
      const { logs } = await inTime(network, readAudit(care.patient));
      const events = logs.flatMap((log) => log.events);
      return events.filter(({ body }) => body?.code === 'RETENTION_ACTIVE').length;
    };
    await inTime(network, refreshPackets(care.patient));
    assert.equal(await refusals(), 1, 'the device waits for the day');
    await add(care.doctor, care, 'imaging');
    const { keyring } = await readPatientState(care.patient);
    await assert.rejects(inTime(network, eraseKeys(care.patient, 'imaging')), kept);
    assert.deepEqual((await readPatientState(care.patient)).keyring, keyring);
    network.clock.advance(30 * DAY * 1000);
    await inTime(network, refreshPackets(care.patient));
    assert.deepEqual((await readPatientState(care.patient)).erasing ?? {}, {});
  });
});
