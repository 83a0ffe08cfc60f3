import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { readLife } from '../../src/client/care/vital/readLife.ts';
import { setWill } from '../../src/client/care/vital/setWill.ts';
import { commitEpochs } from '../../src/client/epochs/commitEpochs.ts';
import { enrol } from '../../src/client/party/enrol.ts';
import { readPatientState } from '../../src/client/state/PatientState.ts';
import { encodeBatch } from '../../src/bindings/encodeBatch.ts';
import { vitalRecordsBytecode } from '../../src/bindings/generated/vitalRecordsBytecode.ts';
import { vitalRecordsAbi } from '../../src/bindings/generated/vitalRecordsAbi.ts';
import { bytesToHex } from '../../src/crypto/bytes.ts';
import { plainKeys } from '../../src/folder/keyGuard.ts';
import { machinePorts } from '../../src/folder/NodePorts.ts';
import { openFolder } from '../../src/folder/openFolder.ts';
import { openOrganisationKeys } from '../../src/folder/organisationKeys.ts';
import { connectJsonRpc } from '../../src/ledger/connectJsonRpc.ts';
import { openSender, type Sender } from '../../src/ledger/openSender.ts';
import { temporaryFolder } from '../../src/cli/test/runMedseal.ts';
import { engineMissing } from '../../src/ledger/test/startEngines.ts';
import type { NodeState } from '../../src/node/operate/NodeState.ts';
import { seconds } from '../../src/protocol/Clock.ts';
import { hideTerms } from '../../src/bindings/hideTerms.ts';
import { sign } from '../../src/protocol/struct/signing.ts';
import type { Address, Organisation } from '../../src/protocol/ids.ts';
import type { Successor } from '../../src/protocol/network/Successor.ts';
import { failsWith } from '../../src/protocol/test/failsWith.ts';
import { medseal } from './foundConsortium.ts';
import { openFollower, type Visitor } from './test/openVisitor.ts';
import { ALL, openTrial, type Trial } from './test/openTrial.ts';
import { underLoad } from './test/underLoad.ts';

/**
 * Four organisations with validators whose network was founded before there were vital records and claims, so that its first state does
 * not know their codes. It gets these by a change, and the contracts by another.
 */

const ports = await machinePorts();
const ends: (() => unknown)[] = [];
const suite = { after: (end: () => unknown) => void ends.push(end) };
const will = { grants: [], lasts: 86_400 };
/** Seconds from a proposal until it holds. */
const HOLDS = 75;
const WISH = ['--contract', 'vitalRecords,claims', '--after', `${HOLDS}s`];
/** Answer of the ledger to a creation by another code than it takes. */
const REFUSED = failsWith('LEDGER_REJECTED', {
  code: -32_003,
  reason: "the code is not one of the network's contracts",
});
let folder: string;
let trial: Trial;
let change: string;
let patient: Visitor;
/** Contracts of a proposal that was cut off. */
let dropped: NonNullable<Successor['contracts']> = {};

/** Names the folder of an organisation's node in a command. */
function where(place: number): readonly string[] {
  return ['--data', trial.at(place).data];
}

async function stateAt(place: number): Promise<Partial<NodeState>> {
  try {
    const answer = await fetch(`${trial.at(place).urls.operate}/readyz`);
    return (await answer.json()) as Partial<NodeState>;
  } catch {
    return {};
  }
}

/** Resolves once an organisation runs by a file with this number. */
async function untilRuns(place: number, number: number): Promise<void> {
  const late = AbortSignal.timeout(120_000);
  for (;;) {
    const state = await stateAt(place);
    if (state.ready === true && state.succession?.number === number) return;
    assert.equal(late.aborted, false, `${place}: ${JSON.stringify(state)}`);
    await pause(200);
  }
}

/** Resolves once each validator tells so of the change that names codes. */
async function untilUpgraded(stands: string): Promise<void> {
  const late = AbortSignal.timeout(240_000);
  for (const place of ALL) {
    for (;;) {
      const { validator } = await stateAt(place);
      const { upgrade, height = 0 } = validator ?? {};
      if (upgrade?.stands === stands && (stands === 'pending' || height > upgrade.height)) break;
      assert.equal(late.aborted, false, `${stands} at ${place}: ${JSON.stringify(validator)}`);
      await pause(300);
    }
  }
}

async function propose(file: string, ...wish: readonly string[]): Promise<Successor> {
  await medseal('network', 'propose', file, ...where(0), ...wish);
  return JSON.parse(await readFile(file, 'utf8')) as Successor;
}

async function signAt(file: string, place: number): Promise<void> {
  await medseal('network', 'sign', file, ...where(place), '--yes');
}

/** The account of an organisation, which it sends from. */
async function accountAt(place: number): Promise<Sender> {
  const { data, organisation, urls } = trial.at(place);
  const node = await openFolder(join(data, 'node', organisation));
  const { sender } = await openOrganisationKeys(node, { ...ports, guard: plainKeys });
  const { chainId } = trial.network.ledger;
  const provider = await connectJsonRpc({ ...ports, url: urls.ledger, chainId });
  return openSender({ ...ports, provider, chainId, secret: sender.signingKey });
}

/** Has the account of an organisation create the contract of vital records, by its code and something behind it. */
async function createAt(place: number, data = vitalRecordsBytecode): Promise<void> {
  const registry = trial.network.contracts.registry.slice(2).padStart(64, '0');
  await (await accountAt(place)).send({ data: `${data}${registry}` });
}

/** Has the account of an organisation bring a will, which the patient signed, to a contract that no network file names. */
async function bringWill(place: number, to: Address): Promise<void> {
  const { party } = patient;
  const account = await accountAt(place);
  const { handle } = await readPatientState(party);
  const terms = { ...will, salt: bytesToHex(ports.random(16)) };
  const given = { terms, handle, number: 1, deadline: seconds(ports.clock) + 200 };
  const { message, signature } = sign(party, party, 'Will', given);
  const row = { message: hideTerms(party.primitives, 'Will', message), signature };
  await account.send({ to, data: encodeBatch(vitalRecordsAbi, 'setWill', [row]) });
}

/** Sets the patient's will at an organisation; returns its number, as the coordinators confirm it. */
async function setAt(place: number): Promise<number> {
  await patient.follow(trial.at(place));
  const { handle } = await readPatientState(patient.party);
  await setWill(patient.party, { handle, ...will });
  return (await readLife(patient.party, handle)).number;
}

describe(
  'a consortium that was founded without contracts',
  { skip: engineMissing ?? false },
  () => {
    before(async () => {
      folder = await temporaryFolder(suite);
      change = join(folder, 'change.json');
      trial = await openTrial({ folder, further: ['prescriptions'] });
      ends.push(async () => await trial.close());
      patient = await openFollower(trial.network, trial.at(0));
      const organisation: Organisation = trial.at(0).organisation;
      await enrol(patient.party, { role: 'patient', organisation });
      await commitEpochs(patient.party, 2);
    });
    after(async () => {
      for (const end of ends.toReversed()) await end();
    });

    it('refuses what needs them, and creates none for a proposal that names one it has', async () => {
      await assert.rejects(setAt(0), failsWith('CONTRACT_ABSENT'));
      await assert.rejects(
        propose(change, '--contract', 'prescriptions', '--yes'),
        /ARGUMENT_INVALID/,
      );
    });

    it('takes no creation of their code, and none is proposed before a change names it', async () => {
      await assert.rejects(createAt(1), REFUSED);
      await assert.rejects(
        propose(change, '--contract', 'vitalRecords', '--yes'),
        /ARGUMENT_INVALID[^]*--admit vitalRecords/,
      );
      for (const [wish, reason] of [
        [['--admit', 'vitalRecords'], /ARGUMENT_INVALID/],
        [['--admit', 'vitalRecords', '--height', '+5'], /must be 20 to/],
        [
          ['--admit', 'prescriptions', '--height', '+60'],
          /takes the code of prescriptions already/,
        ],
      ] as const) {
        await assert.rejects(propose(change, ...wish, '--yes'), reason);
      }
    });

    it('takes it from the block on that all agreed on, and no other code', async () => {
      const file = join(folder, 'admit.json');
      const wish = ['--admit', 'vitalRecords,claims', '--height', '+60'];
      const draft = await propose(file, ...wish, '--after', `${2 * HOLDS}s`, '--yes');
      const { engine = assert.fail() } = draft;
      assert.equal(engine.codes?.length, 3);
      const other = join(folder, 'other code.json');
      const [code = assert.fail(), ...rest] = engine.codes;
      for (const strange of [
        { ...code, length: code.length - 1 },
        { ...code, hash: `${code.hash.slice(0, -1)}${code.hash.endsWith('0') ? 1 : 0}` },
      ]) {
        const altered = { ...engine, codes: [strange, ...rest] };
        await writeFile(other, JSON.stringify({ ...draft, engine: altered, signatures: [] }));
        await assert.rejects(signAt(other, 1), /this version of Medseal creates no contract/);
      }
      await assert.rejects(medseal('network', 'publish', file, ...where(0)), /SUCCESSOR_INVALID/);
      for (const place of [1, 2]) await signAt(file, place);
      await medseal('network', 'publish', file, ...where(0));
      await untilUpgraded('pending');
      await assert.rejects(createAt(1), REFUSED);
      // Blocks come while somebody writes.
      await underLoad(trial, async () => await untilUpgraded('in force'));
      await assert.rejects(createAt(1, '0x6001'), REFUSED);
      await createAt(1);
      for (const place of ALL) await untilRuns(place, 1);
    });

    it('is signed for no contract that somebody used since its creation, and has others created after a kill -9', async () => {
      const cut = join(folder, 'cut.json');
      dropped = (await propose(cut, ...WISH, '--yes')).contracts ?? {};
      await bringWill(1, dropped.vitalRecords ?? assert.fail());
      await assert.rejects(
        signAt(cut, 1),
        /vitalRecords at 0x.* holds more than its creation leaves/,
      );
      process.kill(trial.at(0).node, 'SIGKILL');
      await trial.ended(0);
      await trial.start(0);
      await untilRuns(0, 1);
      // It signed another change of the same file.
      await assert.rejects(propose(change, ...WISH, '--yes'), /SUCCESSOR_INVALID/);
      const { contracts = {} } = await propose(change, ...WISH, '--yes', '--instead');
      assert.deepEqual(Object.keys(contracts).toSorted(), ['claims', 'settlement', 'vitalRecords']);
      assert.notDeepEqual(contracts, dropped);
    });

    it('has the others sign only what their own validators hold, created as this version does and not used', async () => {
      const draft = JSON.parse(await readFile(change, 'utf8')) as Successor;
      const { vitalRecords, claims, settlement } = draft.contracts ?? {};
      const { prescriptions, registry } = trial.network.contracts;
      const other = join(folder, 'other.json');
      for (const [contracts, reason] of [
        [{ vitalRecords: trial.network.founders?.[0]?.sender }, /is not on the ledger/],
        // Other code.
        [{ vitalRecords: claims }, /is not the one that this version/],
        [{ vitalRecords: registry }, /two contracts have one address/],
        // Other arguments: each of a pair names the other.
        [{ claims, settlement: dropped.settlement }, /is not the one that this version/],
        [{ claims: dropped.claims, settlement }, /is not the one that this version/],
        [{ claims }, /lacks the contract settlement/],
        [{ prescriptions: vitalRecords }, /has a contract prescriptions already/],
        [{ vitalRecords: prescriptions }, /two contracts have one address/],
        [{ custody: vitalRecords }, /contracts has an unknown field/],
      ] as const) {
        await writeFile(other, JSON.stringify({ ...draft, contracts, signatures: [] }));
        await assert.rejects(signAt(other, 1), reason);
      }
      await assert.rejects(medseal('network', 'publish', change, ...where(0)), /SUCCESSOR_INVALID/);
      await signAt(change, 1);
      await signAt(change, 2);
    });

    it('gets them at the moment that all agreed on, at an organisation too that was killed meanwhile', async () => {
      await medseal('network', 'publish', change, ...where(0));
      process.kill(trial.at(3).node, 'SIGKILL');
      await trial.ended(3);
      for (const place of [0, 1, 2]) await untilRuns(place, 2);
      assert.equal(await setAt(0), 1);
      await trial.start(3);
      await untilRuns(3, 2);
      assert.equal(await setAt(3), 2);
      assert.notEqual(patient.party.network.contracts.claims, undefined);
      await assert.rejects(
        propose(join(folder, 'again.json'), '--contract', 'claims', '--yes'),
        /the network has a contract claims already/,
      );
    });
  },
);
