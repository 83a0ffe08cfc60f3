import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { bytesToUtf8, utf8ToBytes } from '../../crypto/bytes.ts';
import { changeRecipient } from '../../node/test/changeRecipient.ts';
import { Adversary } from '../../../proof/keys/Adversary.ts';
import { NodesHeld } from '../../../proof/keys/NodesHeld.ts';
import { simulatedCipher } from '../../../proof/simulation/simulatedCipher.ts';
import { sealedAtNodes } from '../../node/test/sealedAtNodes.ts';
import { suspend } from '../../node/test/suspend.ts';
import { furtherDevice } from '../../node/test/furtherDevice.ts';
import {
  behind,
  everything,
  startTestNetwork,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import type { Packet } from '../../protocol/rights/epochs.ts';
import type { Outcome, Release } from '../../protocol/evidence/evidence.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import type { Category } from '../../protocol/vocabulary.ts';
import { addRecord } from '../records/addRecord.ts';
import { commitEpochs } from './commitEpochs.ts';
import { confirmFacts } from '../audit/confirmFacts.ts';
import { eraseKeys } from './eraseKeys.ts';
import { grantRight, type GrantGiven } from '../rights/grantRight.ts';
import type { LoggedVersion } from '../records/logVersion.ts';
import { openSealed } from '../records/openSealed.ts';
import type { Party } from '../party/Party.ts';
import { readPatientState } from '../state/PatientState.ts';
import { readChart } from '../records/readChart.ts';
import { readRecords } from '../records/readRecords.ts';
import { refreshPackets } from './refreshPackets.ts';
import { restorePatient } from '../state/restorePatient.ts';
import { DIED, dyingDevice } from '../test/dyingDevice.ts';
import { viewChart } from '../records/viewChart.ts';

let network: TestNetwork;
before(async () => {
  network = await startTestNetwork();
});
after(async () => await network.close());

async function add(
  patient: Party,
  category: Category,
  note: string,
  amends?: LoggedVersion,
): Promise<LoggedVersion> {
  const { handle } = await readPatientState(patient);
  const version = { handle, category, content: utf8ToBytes(note), purpose: 'PATRQT' } as const;
  return await addRecord(patient, { ...version, ...(amends && { amends }) });
}

async function allRead(party: Party, { grant }: GrantGiven): Promise<readonly string[]> {
  const chart = await readChart(party, { handle: grant.handle, grant, purpose: 'TREAT' });
  const texts: string[] = [];
  for await (const read of readRecords(party, chart, chart.records)) {
    texts.push('error' in read ? read.error.code : bytesToUtf8(read.content));
  }
  return texts;
}

/** Packet that a new view releases to a grantee; undefined if it releases nothing. */
async function released(party: Party, { grant }: GrantGiven): Promise<Packet | undefined> {
  const { handle } = grant;
  const { packet } = await viewChart(party, { handle, grant, purpose: 'TREAT' });
  return packet === undefined ? undefined : await openSealed<Packet>(party, handle, packet);
}

function keysOf(packet: Packet | undefined, category: Category, upTo: number): readonly string[] {
  const epochs = Object.entries(packet?.identities ?? {}).filter(([end]) => Number(end) <= upTo);
  const identities = epochs.flatMap(([, each]) => each[category] ?? []);
  return [...identities, ...Object.values(packet?.files ?? {}).filter((key) => key !== null)];
}

/** The answer of a node to a view of a chart, as it is sent. */
async function lookAt(party: Party, grant: GrantGiven['grant']): Promise<Outcome> {
  let answer: Outcome | undefined;
  const asking = behind(party, {
    submit: async (submissions) => {
      const outcomes = await party.agent.submit(submissions);
      [answer] = outcomes;
      return outcomes;
    },
  });
  await viewChart(asking, { handle: grant.handle, grant, purpose: 'TREAT' });
  return answer ?? assert.fail();
}

function releaseOf(outcome: Outcome): Release {
  return 'release' in outcome && outcome.release ? outcome.release : assert.fail();
}

describe('an erasure', () => {
  // @attack a patient erases after grants with dates: the ledger refuses, and the 24 words bring nothing back | no key of a prepared epoch is replaced; the keys turn past all of these
  it('is done though epochs were committed to in the same epoch, and the words bring back the rest', async () => {
    const patient = await network.party('patient');
    await commitEpochs(patient, 2);
    const rights: [Party, GrantGiven][] = [];
    for (const hours of [1, 2, 3, 4]) {
      const doctor = await network.party('doctor');
      const right = { ...everything(doctor), actions: ['read'] } as const;
      const until = right.until - 3600 + hours * 600;
      rights.push([doctor, await grantRight(patient, { ...right, until })]);
    }
    await add(patient, 'vitals', 'pulse');
    await add(patient, 'laboratory', 'blood');
    const at = await eraseKeys(patient, 'vitals');
    await add(patient, 'vitals', 'later');
    for (const [doctor, right] of rights) {
      assert.deepEqual(await allRead(doctor, right), ['RECORD_ERASED', 'blood', 'later']);
    }
    const phone = await furtherDevice(network, patient);
    assert.deepEqual((await restorePatient(phone)).state, await readPatientState(patient));
    assert.ok((await eraseKeys(phone, 'laboratory')) > at);
  });

  // @attack after an erasure nodes release its keys to who was suspended, changed the recipient, or has one record | their packets are taken back by empty ones
  // @attack a reader whose packet was taken back is told for ever to wait a minute for what was erased | the chart has the entry of the erasure, which the reader verifies
  // @attack a reader of one record waits for ever for its later versions, because one was erased | what was erased is passed over, and named
  it('leaves no packet that a node would release and that holds what was erased', async () => {
    const patient = await network.party('patient');
    await commitEpochs(patient, 2);
    const [suspended, changed, specialist] = [
      await network.party('doctor'),
      await network.party('doctor'),
      await network.party('doctor'),
    ];
    const image = await add(patient, 'imaging', 'image');
    await add(patient, 'laboratory', 'blood');
    const give = async (party: Party, record?: LoggedVersion): Promise<GrantGiven> => {
      const right = { ...everything(party), actions: ['read'] } as const;
      return await grantRight(patient, { ...right, ...(record && { record: record.record }) });
    };
    const rights = [
      [suspended, await give(suspended)],
      [changed, await give(changed)],
      [specialist, await give(specialist, image)],
      [suspended, await give(suspended, image)],
    ] as const;
    for (const [party, right] of rights) {
      assert.notDeepEqual(keysOf(await released(party, right), 'imaging', Infinity), []);
    }
    await suspend(network, suspended, 1);
    const other = await changeRecipient(network, changed, 1, 'party');
    await other.agent.keepCard({ party: other.address, recipient: other.recipient });
    const at = await eraseKeys(patient, 'imaging');
    await suspend(network, suspended, 2);
    for (const [party, right] of rights) {
      assert.deepEqual(keysOf(await released(party, right), 'imaging', at), []);
    }
    // The remaining keys come back as soon as they can be sealed.
    await refreshPackets(patient);
    assert.deepEqual(await allRead(...rights[0]), ['RECORD_ERASED', 'blood']);
    assert.deepEqual(await allRead(...rights[1]), ['RECORD_ERASED', 'KEY_PENDING']);
    assert.deepEqual(await allRead(...rights[2]), ['RECORD_ERASED']);
    await add(patient, 'imaging', 'image, amended', image);
    await refreshPackets(patient);
    assert.deepEqual(await allRead(...rights[3]), ['RECORD_ERASED', 'image, amended']);
    assert.deepEqual(await allRead(...rights[2]), ['RECORD_ERASED', 'image, amended']);
  });

  // @attack a node makes up an erasure, so that a reader gives up | an entry that k coordinators did not judge, or of another chart, is refused
  // @attack a reader learns from an erasure that there was something of a category that they may not read | only entries that erase what the reader is given are told
  it('is told by its entry to whoever is given what it erased, and a node makes none up', async () => {
    const [patient, other] = [await network.party('patient'), await network.party('patient')];
    const doctor = await network.party('doctor');
    for (const each of [patient, other]) await commitEpochs(each, 2);
    const right = { ...everything(doctor), actions: ['read'] } as const;
    const given = await grantRight(patient, right);
    const narrow = await grantRight(patient, { ...right, categories: ['laboratory'] });
    const others = await grantRight(other, right);
    await add(patient, 'imaging', 'image');
    await add(patient, 'laboratory', 'blood');
    await add(other, 'imaging', 'image');
    await eraseKeys(patient, 'imaging');
    await eraseKeys(other, 'imaging');
    const view = { handle: given.grant.handle, purpose: 'TREAT' } as const;
    const { erasures } = await viewChart(doctor, { ...view, grant: given.grant });
    assert.deepEqual(
      erasures.map(({ category }) => category),
      ['imaging'],
    );
    // Whoever may not read a category does not learn that anything of it was erased.
    const told = await viewChart(doctor, { ...view, grant: narrow.grant });
    assert.deepEqual(told.erasures, []);

    const { grant } = others;
    const foreign = releaseOf(await lookAt(doctor, grant)).erasures ?? [];
    assert.equal(foreign.length, 1);
    const { records = [] } = releaseOf(await lookAt(doctor, given.grant));
    const [entry = assert.fail()] = foreign;
    for (const erasures of [foreign, records, [{ ...entry, verdicts: [] }]]) {
      const lying = behind(doctor, {
        submit: async (submissions) => {
          const outcomes = await doctor.agent.submit(submissions);
          return outcomes.map((outcome) => ({
            ...outcome,
            ...('release' in outcome && { release: { ...outcome.release, erasures } }),
          }));
        },
      });
      await assert.rejects(
        viewChart(lying, { ...view, grant: given.grant }),
        failsWith('EVIDENCE_INVALID'),
      );
    }
  });

  // @attack a device that broke an erasure off waits for keys for ever, because another finished it | a state that ends before the ledger's last epoch is replaced by the newest
  it('that another device finished leaves the one that broke it off no key behind', async () => {
    const patient = await network.party('patient');
    const doctor = await network.party('doctor');
    await commitEpochs(patient, 2);
    const right = await grantRight(patient, everything(doctor));
    const phone = await furtherDevice(network, patient);
    const { party } = dyingDevice(patient, 12, true);
    await assert.rejects(eraseKeys(party, 'imaging'), { message: DIED });
    await restorePatient(phone);
    await eraseKeys(phone, 'imaging');
    await add(phone, 'vitals', 'pulse');
    assert.deepEqual((await refreshPackets(patient)).pending, []);
    assert.deepEqual(await readPatientState(patient), await readPatientState(phone));
    assert.deepEqual(await allRead(doctor, right), ['pulse']);
  });

  for (const when of ['before', 'after'] as const) {
    // @attack one device gives a right while another erases, and nodes release erased keys by it for good | no packet of an older state is taken; one under way is sealed again
    it(`is not undone by a right that another device gives meanwhile (placed ${when} it ends)`, async () => {
      const patient = await network.party('patient');
      const doctor = await network.party('doctor');
      await commitEpochs(patient, 2);
      await add(patient, 'imaging', 'image');
      const phone = await furtherDevice(network, patient);
      const asked = Promise.withResolvers<undefined>();
      const goOn = Promise.withResolvers<undefined>();
      const slow = behind(phone, {
        submit: async (submissions) => {
          asked.resolve(undefined);
          await goOn.promise;
          return await phone.agent.submit(submissions);
        },
      });
      let given: Promise<GrantGiven> | undefined;
      // The keys have turned, and what is left is about to be kept; then the phone has its new right kept, and is slow.
      const interrupted = behind(patient, {
        keep: async (deposit) => {
          const { handle } = deposit.request.message;
          const { first = 0 } = (await confirmFacts(patient, { handle })).patient ?? {};
          if (first > 2 && given === undefined) {
            await restorePatient(phone);
            given = grantRight(slow, { ...everything(doctor), actions: ['read'] });
            await asked.promise;
          } else if (first > 2 && when === 'before') {
            goOn.resolve(undefined);
            await given;
          }
          return await patient.agent.keep(deposit);
        },
      });
      const at = await eraseKeys(interrupted, 'imaging');
      goOn.resolve(undefined);
      const right = (await given) ?? assert.fail();
      assert.deepEqual(keysOf(await released(doctor, right), 'imaging', at), []);
    });
  }
});

// @actor a thief of a patient's phrase, with everything that nodes hold | opens what the patient erased, by the packet that only turned the keys
it('what nodes hold opens nothing of an erased category with the phrase, and the rest', async () => {
  const cipher = simulatedCipher;
  const simulated = await startTestNetwork({ cipher });
  const held = new NodesHeld();
  const patient = await simulated.party('patient');
  const watched = { ...patient, agent: held.watch(patient.agent) };
  await commitEpochs(watched, 4);
  await add(watched, 'billing', 'a bill');
  await add(watched, 'vitals', 'a pulse');
  const doctor = await simulated.party('doctor');
  await grantRight(watched, everything(doctor));
  const opened = async (): Promise<number> => {
    const adversary = new Adversary(cipher);
    adversary.stole(patient.keys);
    const sealed = await sealedAtNodes(simulated);
    return (await adversary.open({ files: held.files, sealed: [...sealed] })).size;
  };
  assert.equal(await opened(), 2);
  await eraseKeys(watched, 'billing');
  assert.equal(await opened(), 1);
  await simulated.close();
});
