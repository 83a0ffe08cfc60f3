import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { temporaryFolder } from '../../src/cli/test/runMedseal.ts';
import { commitEpochs } from '../../src/client/epochs/commitEpochs.ts';
import { enrol } from '../../src/client/party/enrol.ts';
import type { Party } from '../../src/client/party/Party.ts';
import { addRecord } from '../../src/client/records/addRecord.ts';
import { readChart } from '../../src/client/records/readChart.ts';
import { readRecord } from '../../src/client/records/readRecord.ts';
import { grantRight, type GrantGiven } from '../../src/client/rights/grantRight.ts';
import { endRight } from '../../src/client/rights/endRight.ts';
import { readPatientState } from '../../src/client/state/PatientState.ts';
import { utf8ToBytes } from '../../src/crypto/bytes.ts';
import { engineMissing } from '../../src/ledger/test/startEngines.ts';
import type { NodeState } from '../../src/node/operate/NodeState.ts';
import { seconds } from '../../src/protocol/Clock.ts';
import { reasonText } from '../../src/protocol/operator/nodeReasons.ts';
import { failsWith } from '../../src/protocol/test/failsWith.ts';
import { CATEGORIES } from '../../src/protocol/vocabulary.ts';
import { readFounders } from './foundConsortium.ts';
import {
  inOwnNetwork,
  isApart,
  machinesMissing,
  openMachines,
  type Machines,
} from './test/openMachines.ts';
import { ALL, openTrial, type Trial } from './test/openTrial.ts';
import { openVisitor } from './test/openVisitor.ts';

/**
 * Two of four validators lose the other two, while their nodes still reach each other: nothing but the age of the newest
 * block tells that the ledger takes no end of a right any more.
 */

const BOUND = 60;
const SECRET = utf8ToBytes('a note that the patient wants nobody to read any more');
const ends: (() => unknown)[] = [];
const suite = { after: (end: () => unknown) => void ends.push(end) };
const missing = engineMissing ?? machinesMissing();
let folder: string;
let machines: Machines;
let trial: Trial;
let patient: Party;
let doctor: Party;
let right: GrantGiven;
/** Another doctor, whose right nobody ends. */
let second: Party;
let standing: GrantGiven;

type State = Pick<NodeState, 'ready' | 'waitingFor' | 'ledger' | 'peers'>;

/** Reads what the operators see. */
async function states(): Promise<readonly State[]> {
  return await Promise.all(
    ALL.map(async (place) => {
      const answer = await fetch(`${trial.at(place).urls.operate}/readyz`);
      return (await answer.json()) as State;
    }),
  );
}

/** Resolves once all nodes are ready, or none is. */
async function until(ready: boolean): Promise<readonly State[]> {
  for (;;) {
    const now = await states();
    if (now.every((each) => each.ready === ready)) return now;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

async function open(role: 'patient' | 'doctor', place: number): Promise<Party> {
  const party = await openVisitor(trial.network, trial.at(place));
  await enrol(party, { role, organisation: trial.at(place).organisation });
  return party;
}

/** Has a doctor read the patient's records by a right. */
async function readBy(reader: Party, { grant }: GrantGiven): Promise<readonly Uint8Array[]> {
  const chart = await readChart(reader, { handle: grant.handle, grant, purpose: 'TREAT' });
  const opened: Uint8Array[] = [];
  for (const each of chart.records) opened.push((await readRecord(reader, chart, each)).content);
  return opened;
}

/** Gives a doctor a right for a day. */
async function give(grantee: Party): Promise<GrantGiven> {
  return await grantRight(patient, {
    grantee: grantee.address,
    categories: CATEGORIES,
    actions: ['read', 'add'],
    purpose: 'TREAT',
    until: seconds(patient.clock) + 86_400,
  });
}

/** Resolves once the ledger itself has the end of the right. */
async function endedOnLedger(): Promise<void> {
  for (let from = 0; ;) {
    const blocks = await patient.agent.blocks({ from });
    const events = blocks.flatMap((block) => block.events);
    if (events.some(({ kind, values }) => kind === 'Revoked' && values['grant'] === right.digest))
      return;
    if (blocks.length === 0) await new Promise((resolve) => setTimeout(resolve, 500));
    from += blocks.length;
  }
}

/** Cuts the validators of two organisations off from those of two others; their nodes still reach each other. */
async function split(): Promise<void> {
  const doors = Object.values(await readFounders(folder)).map(({ validator }) => validator);
  for (const one of [0, 1]) {
    for (const other of [2, 3]) {
      const [own = 0, others = 0] = [doors[one], doors[other]];
      await machines.cutPort(one, other, { own, other: others });
      await machines.cutPort(other, one, { own: others, other: own });
    }
  }
}

if (!isApart) {
  it('a ledger that stands still', { skip: missing ?? false }, async () => {
    assert.equal(await inOwnNetwork(import.meta.filename), 0);
  });
} else {
  describe('four organisations whose validators are split two from two', () => {
    before(async () => {
      machines = await openMachines(ALL.length);
      ends.push(async () => await machines.close());
      folder = await temporaryFolder(suite);
      trial = await openTrial({
        folder,
        maxLedgerAge: BOUND,
        hostOf: (place) => machines.hostOf(place),
        how: (place) => ({ within: machines.within(place) }),
      });
      ends.push(async () => await trial.close());
      assert.equal(trial.network.ledger.maxAge, BOUND);
      patient = await open('patient', 0);
      doctor = await open('doctor', 3);
      await commitEpochs(patient, 4);
      second = await open('doctor', 2);
      right = await give(doctor);
      standing = await give(second);
      const { handle } = await readPatientState(patient);
      const own = { handle, category: 'vitals', purpose: 'PATRQT' } as const;
      await addRecord(patient, { ...own, content: SECRET });
    });
    after(async () => {
      for (const end of ends.toReversed()) await end();
    });

    it('are ready at rest, for validators make blocks without transactions', async () => {
      const begin = Date.now();
      while (Date.now() - begin < 500 * BOUND) {
        for (const { ledger } of await states())
          assert.ok(ledger.age < BOUND / 2, `${ledger.age} s`);
        await new Promise((resolve) => setTimeout(resolve, 1000));
      }
      await until(true);
      assert.deepEqual(await readBy(doctor, right), [SECRET]);
    });

    it('end a right at once, say that they stand still, let nobody read by a right, and keep what is added', async () => {
      await split();
      assert.deepEqual(await endRight(patient, right.digest), { outcome: 'kept' });
      await assert.rejects(readBy(doctor, right), failsWith('RIGHT_ENDED'));
      for (const { waitingFor, ledger, peers } of await until(false)) {
        assert.ok(ledger.age > BOUND, `${ledger.age} s`);
        assert.match(
          waitingFor.map(reasonText).join(),
          /the ledger to make a block: its newest one is \d+ s old/,
        );
        assert.deepEqual(new Set(Object.values(peers)), new Set([true]));
      }
      await assert.rejects(readBy(doctor, right), failsWith('RIGHT_ENDED'));
      await assert.rejects(readBy(second, standing), failsWith('LEDGER_STALE'));
      const { handle } = right.grant;
      const own = await readChart(patient, { handle, purpose: 'PATRQT' });
      assert.equal(own.records.length, 1);
      const { grant } = standing;
      const result = { handle, category: 'vitals', purpose: 'TREAT', grant } as const;
      await addRecord(second, { ...result, content: utf8ToBytes('a result') });
    });

    it('go on once the validators reach each other, and bring the ledger the end that was signed', async () => {
      await machines.heal();
      await until(true);
      await endedOnLedger();
      await assert.rejects(readBy(doctor, right), failsWith('RIGHT_ENDED'));
      assert.equal((await readBy(second, standing)).length, 2);
    });
  });
}
