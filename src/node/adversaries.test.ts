import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { addRecord } from '../client/records/addRecord.ts';
import { examineAudit } from '../client/audit/examineAudit.ts';
import { copyWitness } from '../client/witness/copyWitness.ts';
import { examineLog, type LogSource } from '../client/audit/examineLog.ts';
import { brokenPromiseOf, fetchReceipt } from '../client/audit/fetchReceipt.ts';
import { followPromise } from '../client/audit/followPromise.ts';
import { grantRight } from '../client/rights/grantRight.ts';
import { ledgerWitness } from '../client/witness/ledgerWitness.ts';
import type { Party } from '../client/party/Party.ts';
import { faultsOf } from '../client/audit/readAudit.ts';
import { readChart } from '../client/records/readChart.ts';
import { revokeRight } from '../client/rights/revokeRight.ts';
import { forgedLog } from '../client/test/forgedLog.ts';
import { lyingTo } from '../client/test/lyingTo.ts';
import { bytesToHex, hexToBytes } from '../crypto/bytes.ts';
import type { AgentPort } from '../protocol/AgentPort.ts';
import type { Acknowledgement, SignedCheckpoint } from '../protocol/evidence/evidence.ts';
import { verifyHistory } from '../protocol/evidence/verifyHistory.ts';
import { examinePromise } from '../protocol/evidence/examinePromise.ts';
import { examineFork } from '../protocol/network/examineFork.ts';
import { sign } from '../protocol/struct/signing.ts';
import { failsWith } from '../protocol/test/failsWith.ts';
import { verifyAcknowledgement } from '../protocol/evidence/verifyAcknowledgement.ts';
import {
  acknowledgedBy,
  judgedBody,
  promisedAndDropped,
  submissionOf,
  viewOf,
} from './test/requests.ts';
import {
  behind,
  everything,
  ORGANISATIONS,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from './test/testNetwork.ts';

/**
 * Lies of nodes, each with the check that catches it and the evidence. Each lie is one that the adversary's own keys
 * allow.
 */

const LOG = 'care/hospital';
let network: TestNetwork;
let care: Care;

beforeEach(async () => {
  network = await startTestNetwork({ cared: true });
  care = await startCare(network);
});
afterEach(async () => await network.close());

async function view(): Promise<Acknowledgement> {
  const deadline = Math.floor(network.clock.now() / 1000) + 300;
  return await acknowledgedBy(care.doctor, submissionOf(care, 'View', viewOf(care, { deadline })));
}

function addressesOf(...organisations: string[]): string[] {
  return organisations.map((name) => network.keys.get(name)?.coordinator.address ?? '');
}

/** The entries of the hospital's log, as its tiles have them. */
async function entriesOf(): Promise<Uint8Array[]> {
  const { size: width } = await network.agent().checkpoint(LOG);
  const bundle = await network.agent().tile({ log: LOG, level: 'entries', index: 0, width });
  const bytes = hexToBytes(bundle);
  return Array.from({ length: width }, (_, at) => bytes.slice(34 * at + 2, 34 * at + 34));
}

describe('an agent that lies', () => {
  it('that acknowledges what too few coordinators judged is not believed', async () => {
    const honest = care.doctor.agent;
    const liar = behind(care.doctor, {
      submit: async (submissions) => {
        const [outcome] = await honest.submit(submissions);
        assert.ok(outcome?.outcome === 'acknowledged');
        const { acknowledgement } = outcome;
        const verdicts = acknowledgement.verdicts.slice(0, 1);
        return [{ ...outcome, acknowledgement: { ...acknowledgement, verdicts } }];
      },
    });
    const wanted = { handle: care.handle, grant: care.right.grant, purpose: 'TREAT' } as const;
    const reason = 'too few coordinators judged the entry';
    await assert.rejects(readChart(liar, wanted), failsWith('EVIDENCE_INVALID', { reason }));
  });

  // @actor lying agent | to enter a request in a party's name
  it('that enters a request in a party’s name gets no coordinator to judge it', async () => {
    const forged = sign(care.doctor, care.stranger, 'View', viewOf(care));
    const body = judgedBody(network, care, { ...forged, party: care.doctor.address });
    for (const name of ORGANISATIONS) {
      const { coordinator } = network.services(name);
      const { refused, verdict } = await coordinator.judge({ log: LOG, bodies: [body] });
      assert.equal(verdict, undefined);
      assert.equal(refused[0]?.problem.code, 'SIGNATURE_INVALID');
    }
  });

  // @actor lying agent | to leave an entry out of an audit
  it('that leaves an entry out of a patient’s audit is named by what coordinators counted', async () => {
    await view();
    await view();
    const { agent } = care.patient;
    const hiding: Partial<AgentPort> = {
      audit: async (query) => (await agent.audit(query)).filter(({ index }) => index !== 1),
    };
    const honest = await examineAudit(lyingTo(network, care.patient, {}));
    assert.deepEqual(faultsOf(honest), []);
    const audit = await examineAudit(lyingTo(network, care.patient, hiding));
    assert.deepEqual(faultsOf(audit), [`${LOG}: 3 entries are listed of 4: some were left out`]);
  });
});

describe('a coordinator that signs anything', () => {
  it('is convicted, with the log that used it, by two checkpoints of one size; the honest one signed one of them', async () => {
    await view();
    await view();
    await network.checkpoint();
    const told = await network.agent().checkpoint(LOG);
    const fork = await forkFor('hospital', 'insurer');
    assert.equal(fork.size, told.size);
    const { coordinator: honest } = network.services('laboratory');
    const { note, size: from } = fork;
    await assert.rejects(
      honest.signCheckpoint({ log: LOG, note, from, entries: [], verdicts: [] }),
      failsWith('CHECKPOINT_REFUSED'),
    );
    assert.deepEqual(examineFork(care.doctor, network.file, told, fork), {
      organisation: 'hospital',
      signers: addressesOf('hospital', 'insurer'),
    });
  });

  // @actor k − 1 coordinators | to make a checkpoint
  it('adds nothing by its word alone: a checkpoint with one signature does not count', async () => {
    await view();
    await network.checkpoint();
    const told = await network.agent().checkpoint(LOG);
    const alone = await forkFor('insurer');
    const examine = (): unknown => examineFork(care.doctor, network.file, told, alone);
    assert.throws(examine, failsWith('EVIDENCE_INVALID'));
  });
});

describe('an administrator that shows two histories', () => {
  // @actor lying administrator | to show two histories
  it('is named by the ledger and by every copy, though all coordinators signed both', async () => {
    await view();
    await view();
    await network.checkpoint();
    const entries = (await entriesOf()).with(1, new Uint8Array(32).fill(9));
    const lie = forgedLog(network, LOG, entries);
    const { faults } = await examined(lie);
    assert.ok(faults.some((fault) => /the ledger holds another history, of 2 entries/.test(fault)));
    assert.ok(
      faults.some((fault) => /insurer/.test(fault)),
      faults.join('\n'),
    );
    const fork = examineFork(
      care.doctor,
      network.file,
      await network.agent().checkpoint(LOG),
      await lie.checkpoint(LOG),
    );
    assert.deepEqual(fork?.signers.length, 3);
    assert.equal(fork?.organisation, 'hospital');
  });
});

describe('an administrator that drops an entry that it promised', () => {
  // @actor lying administrator | to drop what was promised
  it('is convicted, with who promised it, by the acknowledgement and a checkpoint from after it was due', async () => {
    const dropped = await promisedAndDropped(network, care, 0);
    verifyAcknowledgement(care.doctor, network.file, dropped);
    const party = lyingTo(network, care.doctor, {});
    await view();
    await network.checkpoint();
    assert.equal((await followPromise(party, dropped, { ledger: network.ledger })).promise, 'open');
    network.clock.advance(80_000);
    await view();
    await network.checkpoint();
    assert.equal(
      (await followPromise(party, dropped, { ledger: network.ledger })).promise,
      'open',
      'not yet surely after',
    );
    await view();
    await network.checkpoint();
    const found = await followPromise(party, dropped, { ledger: network.ledger });
    assert.ok(found.promise === 'broken');
    assert.equal(found.organisation, 'hospital');
    assert.deepEqual(found.signers, addressesOf(...ORGANISATIONS));
    await assert.rejects(
      fetchReceipt(party, dropped, { ledger: network.ledger }),
      failsWith('PROMISE_BROKEN'),
    );
  });

  it('is convicted without a ledger by an entry that the log has from after it was due, and the proof is kept', async () => {
    const dropped = await promisedAndDropped(network, care, 0);
    const party = lyingTo(network, care.doctor, {});
    const before = await view();
    network.clock.advance(80_000);
    const after = await view();
    await network.checkpoint();
    const gone = fetchReceipt(party, dropped, { later: [before] });
    await assert.rejects(gone, failsWith('EVIDENCE_INVALID'), 'an earlier one tells nothing');
    const error: unknown = await fetchReceipt(party, dropped, { later: [before, after] }).catch(
      (thrown: unknown) => thrown,
    );
    failsWith('PROMISE_BROKEN')(error);
    const proof = brokenPromiseOf(error);
    assert.ok(proof);
    assert.deepEqual(proof.acknowledgement, dropped);
    const { history, later } = proof;
    const { entries } = verifyHistory(care.doctor, network.file, history, { strict: true });
    assert.deepEqual(entries, await entriesOf());
    const found = await examinePromise(care.doctor, network.file, {
      acknowledgement: dropped,
      checkpoint: history.checkpoint,
      madeAfter: 0,
      later,
      entries,
    });
    assert.ok(found.promise === 'broken');
    assert.deepEqual(found.signers, addressesOf(...ORGANISATIONS));
  });

  it('is not accused where the entry is there', async () => {
    const kept = await view();
    network.clock.advance(80_000);
    for (let more = 0; more < 2; more++) {
      await view();
      await network.checkpoint();
    }
    const found = await followPromise(care.doctor, kept, { ledger: network.ledger });
    assert.deepEqual([found.promise, 'index' in found && found.index], ['kept', kept.index]);
  });

  it('cannot be accused with an old checkpoint, or one that is not on the ledger', async () => {
    const dropped = await promisedAndDropped(network, care, 0);
    await view();
    await network.checkpoint();
    const old = await network.agent().checkpoint(LOG);
    network.clock.advance(80_000);
    for (let more = 0; more < 2; more++) {
      await view();
      await network.checkpoint();
    }
    const showing = (checkpoint: SignedCheckpoint): Party =>
      behind(care.doctor, { checkpoint: async () => await Promise.resolve(checkpoint) });
    const found = await followPromise(showing(old), dropped, { ledger: network.ledger });
    assert.equal(found.promise, 'open');
    const forged = forgedLog(network, LOG, [new Uint8Array(32)]);
    const reason = 'the ledger holds no such checkpoint';
    await assert.rejects(
      followPromise({ ...care.doctor, agent: forged }, dropped, { ledger: network.ledger }),
      failsWith('EVIDENCE_INVALID', { reason }),
    );
  });
});

describe('a contributor that serves its copy of a log', () => {
  // @actor contributor | to serve an altered copy of a log
  it('altered, is caught by the tile that it altered, whose name is told', async () => {
    for (let more = 0; more < 3; more++) await view();
    await network.checkpoint();
    const copy = network.agent('insurer');
    for (const level of ['entries', 0] as const) {
      const { faults } = await examined({
        ...sourceOf(copy),
        tile: async (query) => {
          const bytes = hexToBytes(await copy.tile(query));
          if (query.level === level) bytes[40] = (bytes[40] ?? 0) ^ 1;
          return bytesToHex(bytes);
        },
      });
      const name = level === 'entries' ? /entries|hashes/ : /does not hold the hashes/;
      assert.ok(
        faults.some((fault) => name.test(fault)),
        faults.join('\n'),
      );
    }
    assert.deepEqual((await examined(sourceOf(copy))).faults, []);
  });

  // @actor contributor | to serve yesterday's log
  it('as it was yesterday, is caught by the ledger that holds more', async () => {
    await view();
    await network.checkpoint();
    const old = await network.agent('insurer').checkpoint(LOG);
    const proof = await network.agent('insurer').receipt({ log: LOG, index: 0 });
    await view();
    await network.checkpoint();
    const { faults } = await examined({
      ...sourceOf(network.agent('insurer')),
      checkpoint: async () => await Promise.resolve(old),
      receipt: async ({ index }) => {
        if (index === 0) return await Promise.resolve(proof);
        return await network.agent('insurer').receipt({ log: LOG, index: 1_000_000 });
      },
    });
    assert.ok(
      faults.some((fault) => /the ledger holds 2 entries, the node serves 1/.test(fault)),
      faults.join('\n'),
    );
  });
});

describe('a stale recipient', () => {
  it('of a party is not sealed to: the Registry’s hash is another', async () => {
    const { patient, stranger, doctor } = care;
    const stale = await doctor.agent.card(doctor.address);
    const liar = behind(patient, {
      card: async (party) => await Promise.resolve({ ...stale, party }),
    });
    await assert.rejects(grantRight(liar, everything(stranger)), failsWith('KEY_UNAUTHENTIC'));
  });

  // @actor lying agent | to pass off an older recipient
  it('of an epoch that has ended is not sealed to: the patient’s commitment has it for another', async () => {
    const { doctor, patient, stranger, handle, right } = care;
    const past = await doctor.agent.sheet({ handle, epoch: 1 });
    const other = await grantRight(patient, everything(stranger));
    await revokeRight(patient, other.digest);
    const liar = behind(doctor, { sheet: async () => await Promise.resolve(past) });
    const version = {
      handle,
      grant: right.grant,
      purpose: 'TREAT',
      category: 'laboratory',
      content: Uint8Array.of(1),
    } as const;
    await assert.rejects(addRecord(liar, version), failsWith('KEY_UNAUTHENTIC'));
    await addRecord(doctor, version);
  });

  it('is not believed with what coordinators said of it before: their answer is bound to the question', async () => {
    const { doctor, patient, stranger, handle, right } = care;
    const before = await doctor.agent.facts({ nonce: bytesToHex(doctor.random(32)), handle });
    const past = await doctor.agent.sheet({ handle, epoch: 1 });
    const other = await grantRight(patient, everything(stranger));
    await revokeRight(patient, other.digest);
    const liar = behind(doctor, {
      sheet: async () => await Promise.resolve(past),
      facts: async () => await Promise.resolve(before),
    });
    const version = {
      handle,
      grant: right.grant,
      purpose: 'TREAT',
      category: 'laboratory',
      content: Uint8Array.of(1),
    } as const;
    await assert.rejects(addRecord(liar, version), failsWith('KEY_UNAUTHENTIC'));
  });
});

/** Another history of the hospital's log, of the same size, that these coordinators sign. */
async function forkFor(...signers: string[]): Promise<SignedCheckpoint> {
  const entries = (await entriesOf()).with(0, new Uint8Array(32).fill(9));
  const forged = await forgedLog(network, LOG, entries).checkpoint(LOG);
  const addresses = addressesOf(...signers);
  const signatures = forged.signatures.filter(({ coordinator }) => addresses.includes(coordinator));
  return { ...forged, signatures };
}

async function examined(source: LogSource): ReturnType<typeof examineLog> {
  const { clock } = lyingTo(network, care.doctor, {});
  const context = { ...care.doctor, clock };
  return await examineLog(context, source, LOG, [
    ledgerWitness(network.file, network.ledger, LOG),
    copyWitness(context, 'laboratory', network.agent('laboratory'), LOG),
    copyWitness(context, 'insurer', network.agent('insurer'), LOG),
  ]);
}

function sourceOf(agent: AgentPort): LogSource {
  return {
    receipt: async (query) => await agent.receipt(query),
    tile: async (query) => await agent.tile(query),
    checkpoint: async (log) => await agent.checkpoint(log),
  };
}
