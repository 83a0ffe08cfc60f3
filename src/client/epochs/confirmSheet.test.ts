import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { generateHybridIdentity, identityToRecipient } from 'age-encryption';
import { MedsealError } from '../../errors/MedsealError.ts';
import {
  behind,
  everything,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import type { ProvenSheet } from '../../protocol/rights/epochs.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { word } from '../../protocol/test/sampleNetwork.ts';
import { addRecord } from '../records/addRecord.ts';
import { utf8ToBytes } from '../../crypto/bytes.ts';
import { commitEpochs } from './commitEpochs.ts';
import { confirmSheet } from './confirmSheet.ts';
import { grantRight } from '../rights/grantRight.ts';
import type { Party } from '../party/Party.ts';
import { readPatientState } from '../state/PatientState.ts';
import { revokeRight } from '../rights/revokeRight.ts';

let network: TestNetwork;
let care: Care;
/** The sheets of epochs 1 and 2, of which 2 is present. */
let past: ProvenSheet;
let present: ProvenSheet;
let theirs: string;

before(async () => {
  network = await startTestNetwork({ cared: true });
  care = await startCare(network);
  const { agent, patient, stranger } = { agent: network.agent(), ...care };
  past = await agent.sheet({ handle: care.handle, epoch: 1 });
  const right = await grantRight(patient, everything(stranger));
  await revokeRight(patient, right.digest);
  present = await agent.sheet({ handle: care.handle, epoch: 2 });
  theirs = await identityToRecipient(await generateHybridIdentity());
});
after(async () => await network.close());

/** The doctor at an agent that serves another sheet, and the files that it was given all the same. */
function deceived(sheet: unknown): { party: Party; uploads: string[] } {
  const uploads: string[] = [];
  const { doctor } = care;
  const party = behind(doctor, {
    sheet: async () => await Promise.resolve(sheet as ProvenSheet),
    upload: async (request, content) => {
      uploads.push(request.message.file);
      await doctor.agent.upload(request, content);
    },
  });
  return { party, uploads };
}

function withRecipient(sheet: ProvenSheet, recipient: string): unknown {
  const recipients = { ...sheet.sheet.recipients, laboratory: recipient };
  return { ...sheet, sheet: { ...sheet.sheet, recipients } };
}

describe('the recipients of an epoch', () => {
  it('are those that the patient committed to', async () => {
    assert.deepEqual(await confirmSheet(care.doctor, care.handle), present.sheet);
    assert.equal(present.sheet.epoch, 2);
  });

  const lies: [string, () => unknown][] = [
    ['another recipient', () => withRecipient(present, theirs)],
    ['the sheet of an epoch before', () => past],
    [
      'the sheet of an epoch before, said to be of this one',
      () => ({ ...past, sheet: { ...past.sheet, epoch: 2 } }),
    ],
    ['this sheet with the proof of another', () => ({ ...present, proof: past.proof })],
    ['a sheet without its proof', () => ({ ...present, proof: [] })],
    ['a sheet whose proof is not a list', () => ({ ...present, proof: 'x' })],
    [
      'a sheet of another patient',
      () => ({ ...present, sheet: { ...present.sheet, handle: word('x') } }),
    ],
    [
      'a sheet with a recipient less',
      () => ({ ...present, sheet: { ...present.sheet, recipients: {} } }),
    ],
    ['a sheet with a field more', () => ({ ...present, sheet: { ...present.sheet, note: 'x' } })],
    ['nothing', () => null],
    ['no sheet', () => ({ proof: present.proof })],
  ];
  for (const [name, lie] of lies) {
    it(`are not taken from a node that serves ${name}, and nothing is sealed`, async () => {
      const { party, uploads } = deceived(lie());
      await assert.rejects(confirmSheet(party, care.handle), failsWith('KEY_UNAUTHENTIC'));
      const version = {
        handle: care.handle,
        category: 'laboratory',
        content: utf8ToBytes('secret'),
        purpose: 'TREAT',
        grant: care.right.grant,
      } as const;
      await assert.rejects(addRecord(party, version), failsWith('KEY_UNAUTHENTIC'));
      assert.deepEqual(uploads, []);
    });
  }

  // @attack a node serves the proven sheet once, then another | nobody is asked twice for a sheet that a commitment's root has all bytes of, and none is remembered that was not proven
  it('are asked for once in a session, and one that differs in a byte is not remembered', async () => {
    const asked: number[] = [];
    let served: unknown = withRecipient(present, theirs);
    const party = behind(care.doctor, {
      sheet: async ({ epoch }) => {
        asked.push(epoch);
        return await Promise.resolve(served as ProvenSheet);
      },
    });
    await assert.rejects(confirmSheet(party, care.handle), failsWith('KEY_UNAUTHENTIC'));
    served = structuredClone(present);
    const before = asked.length;
    const sheet = await confirmSheet(party, care.handle);
    served = withRecipient(present, theirs);
    assert.equal(await confirmSheet(party, care.handle), sheet);
    assert.equal(asked.length, before + 1);
    assert.throws(() => Object.assign(sheet.recipients, { laboratory: theirs }), TypeError);
    assert.deepEqual(sheet, present.sheet);
    await assert.rejects(confirmSheet({ ...party }, care.handle), failsWith('KEY_UNAUTHENTIC'));
  });

  it('are asked for again once the patient committed to others', async () => {
    const patient = await network.party('patient');
    await commitEpochs(patient, 2);
    const right = await grantRight(patient, everything(care.stranger));
    const asked: number[] = [];
    const party = behind(care.doctor, {
      sheet: async (query) => {
        asked.push(query.epoch);
        return await care.doctor.agent.sheet(query);
      },
    });
    const { handle } = await readPatientState(patient);
    const first = await confirmSheet(party, handle);
    await revokeRight(patient, right.digest);
    const second = await confirmSheet(party, handle);
    assert.deepEqual([first.epoch, second.epoch, asked], [1, 2, [1, 2]]);
  });

  it('are those of the epoch that begins while they are asked for, by another commitment too', async () => {
    const { doctor, stranger } = care;
    const patient = await network.party('patient');
    await commitEpochs(patient, 2);
    const right = await grantRight(patient, everything(stranger));
    await commitEpochs(patient, 2);
    const asked: number[] = [];
    const turning = behind(doctor, {
      sheet: async (query) => {
        if (asked.push(query.epoch) === 1) await revokeRight(patient, right.digest);
        return await doctor.agent.sheet(query);
      },
    });
    const { handle } = await readPatientState(patient);
    assert.equal((await confirmSheet(turning, handle)).epoch, 2);
    assert.deepEqual(asked, [1, 2]);
  });

  it('are nobody’s if there is no such patient, or no epoch', async () => {
    await assert.rejects(confirmSheet(care.doctor, word('nobody')), failsWith('NOT_FOUND'));
    const fresh = await network.party('patient');
    const { handle } = await readPatientState(fresh);
    await assert.rejects(confirmSheet(care.doctor, handle), failsWith('EPOCHS_EXHAUSTED'));
  });
});

describe('a record that is being added while the epoch turns', () => {
  it('is sealed again, to the epoch that began', async () => {
    const { doctor, patient, handle, right } = care;
    const own = await grantRight(patient, everything(care.stranger));
    let turned = false;
    const slow = behind(doctor, {
      submit: async (submissions) => {
        if (!turned) await revokeRight(patient, own.digest);
        turned = true;
        return await doctor.agent.submit(submissions);
      },
    });
    const { acknowledgement } = await addRecord(slow, {
      handle,
      category: 'laboratory',
      content: utf8ToBytes('in time'),
      purpose: 'TREAT',
      grant: right.grant,
    });
    const { epoch } = await confirmSheet(doctor, handle);
    assert.ok(acknowledgement.body.includes(`"epoch":${epoch},`));
  });

  it('is given up where every attempt is too late', async () => {
    const { doctor, handle, right } = care;
    let attempts = 0;
    const never = behind(doctor, {
      submit: async () => {
        attempts += 1;
        const problem = new MedsealError('EPOCH_STALE', { epoch: 9 }).toProblem();
        return await Promise.resolve([{ outcome: 'refused', problem }]);
      },
    });
    const version = {
      handle,
      category: 'laboratory',
      purpose: 'TREAT',
      grant: right.grant,
    } as const;
    const added = addRecord(never, { ...version, content: utf8ToBytes('late') });
    await assert.rejects(added, failsWith('EPOCH_STALE'));
    assert.equal(attempts, 3);
  });
});
