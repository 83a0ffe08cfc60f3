import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { decodeFunctionResult, encodeFunctionData } from 'viem';
import { encodeBatch } from './encodeBatch.ts';
import { consentAbi } from './generated/consentAbi.ts';
import { evidenceAbi } from './generated/evidenceAbi.ts';
import { registryAbi } from './generated/registryAbi.ts';
import { bytesToHex } from '../crypto/bytes.ts';
import { consistencyProof } from '../crypto/merkle/consistencyProof.ts';
import { leafHash } from '../crypto/merkle/leafHash.ts';
import { memoryTree } from '../crypto/merkle/memoryTree.ts';
import { nodeHash } from '../crypto/merkle/nodeHash.ts';
import { ZERO32, ZERO_ADDRESS, type Bytes32, type Hex } from '../protocol/ids.ts';
import type { InsuranceClaim } from '../protocol/care/claims.ts';
import { orderNumber } from '../protocol/care/orderNumber.ts';
import type { Prescription } from '../protocol/care/prescriptions.ts';
import type { Grant, Signed } from '../protocol/struct/requests.ts';
import { organisationId } from '../protocol/network/networkLookups.ts';
import { roleNumber } from '../protocol/network/roleNumber.ts';
import { digestOf, sign } from '../protocol/struct/signing.ts';
import type { VitalType } from '../protocol/struct/vitalTypes.ts';
import { encodeRequests } from './encodeRequests.ts';
import { claimsBytecode } from './generated/claimsBytecode.ts';
import { consentBytecode } from './generated/consentBytecode.ts';
import { evidenceBytecode } from './generated/evidenceBytecode.ts';
import { mandatesBytecode } from './generated/mandatesBytecode.ts';
import { prescriptionsBytecode } from './generated/prescriptionsBytecode.ts';
import { registryBytecode } from './generated/registryBytecode.ts';
import { settlementAbi } from './generated/settlementAbi.ts';
import { settlementBytecode } from './generated/settlementBytecode.ts';
import { vitalRecordsBytecode } from './generated/vitalRecordsBytecode.ts';
import {
  actor,
  enrolmentOf,
  FAR,
  startTestNetwork,
  type Actor,
  type TestNetwork,
} from './test/testNetwork.ts';

/** Requests in a batch. */
const BATCH = 50;
/** Levels of a log of a million entries. */
const LEVELS = 20;
/** Entries that a checkpoint adds. */
const ENTRIES = 256;
const SALT: Hex = `0x${'5a'.repeat(16)}`;

interface Patient extends Actor {
  readonly handle: Bytes32;
}

/** One request, by who makes it and a number that tells it from others of theirs. */
type Ask = readonly [patient: Patient, number: number];

function times<Item>(count: number, make: (place: number) => Item): Item[] {
  return Array.from({ length: count }, (_, place) => make(place));
}

/**
 * Gas of one request of each kind: alone; in a batch for one patient, whose storage is warm after the first; in a
 * batch for as many patients, each of whom is cold. A batch's gas, its 21,000 included, is divided evenly.
 */
async function measure(): Promise<Record<string, number>> {
  await using net = await startTestNetwork();
  const { context, authority, coordinators, doctor } = net;
  const word = (text: string): Bytes32 =>
    bytesToHex(context.primitives.keccak256(new TextEncoder().encode(text)));
  const gas: Record<string, number> = { ...net.deployment };

  async function price(
    what: string,
    contract: Parameters<TestNetwork['send']>[0],
    count: number,
    data: Hex,
  ): Promise<void> {
    const sent = await net.send(contract, data);
    assert.ok(sent.events.every(({ kind }) => kind !== 'Refused'));
    gas[what] = Math.round(sent.gas / count);
  }

  const one: Patient = { ...actor(1000), handle: word('one') };
  const many: Patient[] = times(BATCH, (place) => ({
    ...actor(1001 + place),
    handle: word(`many ${place}`),
  }));
  const doctors = times(BATCH, (place) => actor(2000 + place));

  const enrolled = (who: readonly (Actor & { handle?: Bytes32 })[]): Hex =>
    encodeBatch(
      registryAbi,
      'enrol',
      who.map(({ handle, ...someone }) => {
        const enrolment = enrolmentOf(someone, handle === undefined ? 2 : 1, handle ?? ZERO32);
        return net.countersign(authority, 'Enrolment', enrolment);
      }),
    );
  await price('enrol patient: alone', 'registry', 1, enrolled([one]));
  await price('enrol patient: batch', 'registry', BATCH, enrolled(many));
  await price('enrol doctor: batch', 'registry', BATCH, enrolled(doctors));

  const committed = (asks: readonly Ask[]): Hex =>
    encodeBatch(
      consentAbi,
      'commitEpochs',
      asks.map(([patient, first]) => {
        const { handle } = patient;
        const commitment = { handle, first, count: 1000, root: word('sheets'), deadline: FAR };
        return sign(context, patient, 'CommitEpochs', commitment);
      }),
    );
  const each = (number: number): Ask[] => many.map((patient) => [patient, number]);
  await price('commit first epochs: alone', 'consent', 1, committed([[one, 1]]));
  await price('commit first epochs: batch of patients', 'consent', BATCH, committed(each(1)));
  await price('commit further epochs: alone', 'consent', 1, committed([[one, 2]]));

  const grantOf = ([{ handle }, number]: Ask): Grant => {
    const salt: Hex = `0x${word(`salt ${number}`).slice(2, 34)}`;
    return { ...net.grantTo(doctor.address, { salt }), handle };
  };
  const granted = (asks: readonly Ask[]): Hex =>
    encodeRequests(
      context.primitives,
      'Grant',
      asks.map((ask) => sign(context, ask[0], 'Grant', grantOf(ask))),
    );
  const ones = times(BATCH, (place): Ask => [one, 2 + place]);
  await price('grant: alone', 'consent', 1, granted([[one, 1]]));
  await price('grant: batch of one patient', 'consent', BATCH, granted(ones));
  await price('grant: batch of patients', 'consent', BATCH, granted(each(1)));

  // The grant numbered n is revoked into epoch n + 1.
  const revoked = (asks: readonly Ask[]): Hex =>
    encodeBatch(
      consentAbi,
      'revoke',
      asks.map((ask) => {
        const [patient, number] = ask;
        const grant = digestOf(context, 'Grant', grantOf(ask));
        const end = { grant, epoch: number + 1, packets: word('packets'), deadline: FAR };
        return sign(context, patient, 'Revoke', { handle: patient.handle, ...end });
      }),
    );
  await price('revoke: alone', 'consent', 1, revoked([[one, 1]]));
  await price('revoke: batch of one patient', 'consent', BATCH, revoked(ones));
  await price('revoke: batch of patients', 'consent', BATCH, revoked(each(1)));

  const ended = (asks: readonly Ask[]): Hex =>
    encodeBatch(
      consentAbi,
      'end',
      asks.map((ask) => {
        const [patient] = ask;
        const grant = digestOf(context, 'Grant', grantOf(ask));
        return sign(context, patient, 'End', { handle: patient.handle, grant, deadline: FAR });
      }),
    );
  const later = each(2);
  await net.send('consent', granted(later));
  await price('end: batch of patients', 'consent', BATCH, ended(later));

  const advanced = (asks: readonly Ask[]): Hex =>
    encodeBatch(
      consentAbi,
      'advance',
      asks.map(([{ handle }, epoch]) => {
        const advance = { handle, epoch, packets: word('packets'), deadline: FAR };
        return net.countersign(coordinators, 'Advance', advance);
      }),
    );
  const nexts = times(BATCH, (place): Ask => [one, BATCH + 4 + place]);
  await price('advance: alone', 'consent', 1, advanced([[one, BATCH + 3]]));
  await price('advance: batch of one patient', 'consent', BATCH, advanced(nexts));
  await price('advance: batch of patients', 'consent', BATCH, advanced(each(3)));

  const acting = actor(4500);
  const appoint = (key: Hex, number: number): Hex => {
    const salt: Hex = `0x${word(`mandate ${number}`).slice(2, 34)}`;
    const who = { representative: doctor.address, recipient: word('recipient') };
    const terms = { ...who, reason: 'my son', audit: true, until: FAR - 1, salt };
    const mandate = { terms, handle: one.handle, key, powers: 7, until: FAR, deadline: FAR };
    return encodeRequests(context.primitives, 'Mandate', [sign(context, one, 'Mandate', mandate)]);
  };
  await price('mandate: alone', 'mandates', 1, appoint(acting.address, 1));
  const byAnother = grantOf([one, 900]);
  const signed = sign(context, acting, 'Grant', byAnother);
  const byKey = encodeRequests(context.primitives, 'Grant', [signed]);
  await price('grant: by an acting key alone', 'consent', 1, byKey);

  // The prescription numbered n, by a doctor; and the next of its steps.
  const [holder, slip] = [actor(4000), actor(4001)];
  const prescriptionOf = (number: number): Prescription => ({
    terms: {
      handle: one.handle,
      record: word(`record ${number}`),
      content: word('content'),
      medicine: 'amoxicillin 500 mg',
      code: '',
      unit: 'capsule',
      controlled: false,
      salt: SALT,
    },
    prescriber: net.otherDoctor.address,
    second: ZERO_ADDRESS,
    holder: holder.address,
    slip: slip.address,
    amount: 30,
    fills: 200,
    interval: 0,
    from: 0,
    until: FAR,
    replaces: ZERO32,
    deadline: FAR,
  });
  const prescribed = (numbers: readonly number[]): Hex =>
    encodeRequests(
      context.primitives,
      'Prescription',
      numbers.map((number) => {
        const message = prescriptionOf(number);
        const { signatures } = net.countersign(coordinators, 'PrescriptionCheck', {
          prescription: digestOf(context, 'Prescription', message),
          order: orderNumber(context.primitives, message.terms),
        });
        return { ...sign(context, net.otherDoctor, 'Prescription', message), signatures };
      }),
    );
  const dispensed = (steps: readonly (readonly [number: number, step: number])[]): Hex =>
    encodeRequests(
      context.primitives,
      'Dispense',
      steps.map(([number, step]) => {
        const prescription = digestOf(context, 'Prescription', prescriptionOf(number));
        const terms = { pharmacist: doctor.address, content: word('content'), salt: SALT } as const;
        const dispense = { prescription, step, amount: 30, terms, deadline: FAR };
        return {
          message: dispense,
          cosignature: sign(context, slip, 'Dispense', dispense).signature,
        };
      }),
    );
  const numbers = times(BATCH, (place) => 1 + place);
  await price('prescribe: alone', 'prescriptions', 1, prescribed([0]));
  await price('prescribe: batch', 'prescriptions', BATCH, prescribed(numbers));
  await price('dispense: alone', 'prescriptions', 1, dispensed([[0, 1]]));
  await price(
    'dispense: batch',
    'prescriptions',
    BATCH,
    dispensed(numbers.map((number) => [number, 1])),
  );

  const { handle } = net;
  const registrar = actor(701);
  const newcomer = enrolmentOf(registrar, roleNumber('registrar'), ZERO32);
  const elsewhere = { ...newcomer, organisation: organisationId('laboratory') };
  const enrolments = [net.countersign(authority, 'Enrolment', elsewhere)];
  await net.send('registry', encodeBatch(registryAbi, 'enrol', enrolments));
  const vital = async <Type extends VitalType>(
    what: string,
    request: Signed<Type>,
  ): Promise<void> => {
    const data = encodeRequests(context.primitives, request.type, [request]);
    await price(what, 'vitalRecords', 1, data);
  };
  const content = word('content');
  const birth = {
    terms: { record: content, content, link: ZERO32, salt: SALT },
    reporter: registrar.address,
    handle,
    step: 1,
    deadline: FAR,
  };
  await vital('report birth: alone', sign(context, registrar, 'Birth', birth));
  const willTerms = { grants: [content], lasts: 1, salt: SALT };
  const will = { terms: willTerms, handle, number: 1, deadline: FAR };
  await vital('set will: alone', sign(context, net.patient, 'Will', will));
  const deathTerms = { record: content, content, at: 1, salt: SALT };
  const reporter = net.otherDoctor.address;
  const report = { terms: deathTerms, reporter, handle, step: 1, deadline: FAR };
  await vital('report death: alone', sign(context, net.otherDoctor, 'Death', report));
  const confirmer = registrar.address;
  const of = { what: 'death', handle, report: digestOf(context, 'Death', report) } as const;
  const confirmation = { ...of, step: 2, confirmer, deadline: FAR };
  await vital('confirm death: alone', sign(context, registrar, 'ConfirmVital', confirmation));
  const objection = { ...of, step: 3, deadline: FAR };
  await vital('object to death: alone', sign(context, net.patient, 'ObjectToVital', objection));
  // The claim numbered n; each is for another treatment, and all are paid to one account.
  const insurer = actor(5000);
  await net.send(
    'registry',
    encodeBatch(registryAbi, 'enrol', [
      net.countersign(authority, 'Enrolment', enrolmentOf(insurer, 6, ZERO32)),
    ]),
  );
  const issued = {
    organisation: organisationId('hospital'),
    account: insurer.address,
    amount: 1_000_000,
    number: 1,
    deadline: FAR,
  };
  const member = authority[0] ?? assert.fail();
  await price(
    'issue units: alone',
    'settlement',
    1,
    encodeBatch(settlementAbi, 'issue', [sign(context, member, 'IssueUnits', issued)]),
  );
  const claimOf = (number: number): InsuranceClaim => ({
    terms: {
      handle: one.handle,
      claimant: net.otherDoctor.address,
      payee: net.otherDoctor.address,
      coverage: word('coverage'),
      entry: word(`entry ${number}`),
      records: times(10, (place) => word(`entry ${number} ${place}`)),
      bill: word('bill'),
      content: word('content'),
      salt: SALT,
    },
    claimant: actor(5001).address,
    insurer: insurer.address,
    payee: actor(5001).address,
    amount: 5000,
    total: 5000,
    treatment: word(`treatment ${number}`),
    follows: ZERO32,
    authorisation: ZERO32,
    lotHash: ZERO32,
    deadline: FAR,
  });
  const claimed = (list: readonly number[]): Hex =>
    encodeRequests(
      context.primitives,
      'InsuranceClaim',
      list.map((number) => {
        const request = digestOf(context, 'InsuranceClaim', claimOf(number));
        const { signatures } = net.countersign(coordinators, 'ClaimCheck', { request });
        const claim = sign(context, actor(5001), 'InsuranceClaim', claimOf(number));
        return { ...claim, signatures };
      }),
    );
  const approved = (list: readonly number[]): Hex =>
    encodeRequests(
      context.primitives,
      'ClaimDecision',
      list.map((number) => {
        const claim = claimOf(number);
        const decision = {
          claim: digestOf(context, 'InsuranceClaim', claim),
          step: 1,
          outcome: 1,
          amount: 4000,
          until: 0,
          lotHash: ZERO32,
          terms: { reason: 'covered' as const, content: word('content'), salt: SALT },
          deadline: FAR,
        };
        return { claim, ...sign(context, insurer, 'ClaimDecision', decision) };
      }),
    );
  await price('claim: alone', 'claims', 1, claimed([0]));
  await price('claim: batch', 'claims', BATCH, claimed(numbers));
  await price('approve a claim: alone', 'claims', 1, approved([0]));
  await price('approve a claim: batch', 'claims', BATCH, approved(numbers));

  const suspension = { party: doctor.address, suspended: true, change: 1, deadline: FAR };
  const suspended = encodeBatch(registryAbi, 'suspend', [
    net.countersign(authority, 'Suspension', suspension),
  ]);
  await price('suspend: alone', 'registry', 1, suspended);
  const { otherDoctor } = net;
  const fresh = actor(3000);
  const change = {
    party: otherDoctor.address,
    signer: fresh.address,
    recipient: word('recipient'),
    change: 1,
    deadline: FAR,
  };
  const newSignature = sign(context, fresh, 'KeyChange', change).signature;
  const { signature } = sign(context, otherDoctor, 'KeyChange', change);
  await price(
    'change key: alone',
    'registry',
    1,
    encodeBatch(registryAbi, 'changeKeys', [[change, [signature, newSignature]]]),
  );

  const leaves = times(ENTRIES * 9, (place) =>
    leafHash(context.primitives, context.primitives.sha256(Uint8Array.of(place >> 8, place & 255))),
  );
  let held = 0;
  for (const size of times(9, (place) => ENTRIES * (1 + place))) {
    const tree = memoryTree(context.primitives, leaves.slice(0, size));
    const checkpoint = { log: word('log'), size, root: bytesToHex(tree.root) };
    const { signatures } = net.countersign(coordinators, 'Checkpoint', checkpoint);
    const proof = await consistencyProof(context.primitives, tree.readHash, held, size);
    const consistency = proof.map(bytesToHex);
    const data = encodeBatch(evidenceAbi, 'checkpoint', [[checkpoint, consistency, signatures]]);
    await price(`checkpoint: ${held} to ${size} entries`, 'evidence', 1, data);
    held = size;
  }

  // The path of one entry is all that there has to be of a large log.
  const sha256 = (bytes: Uint8Array): Uint8Array => context.primitives.sha256(bytes);
  const path = times(LEVELS, (level) => sha256(Uint8Array.of(level)));
  const place = 0b1010_1010_1010_1010_1010;
  const entry = sha256(Uint8Array.of(255));
  const root = path.reduce(
    (below, beside, level) =>
      (place >> level) & 1
        ? nodeHash(context.primitives, beside, below)
        : nodeHash(context.primitives, below, beside),
    leafHash(context.primitives, entry),
  );
  const large = { log: word('large log'), size: 2 ** LEVELS, root: bytesToHex(root) };
  const { signatures } = net.countersign(coordinators, 'Checkpoint', large);
  await net.send('evidence', encodeBatch(evidenceAbi, 'checkpoint', [[large, [], signatures]]));
  const call = { abi: evidenceAbi, functionName: 'verifyInclusion' } as const;
  const proof = path.map(bytesToHex);
  const args = [large.log, bytesToHex(entry), BigInt(place), BigInt(large.size), proof] as const;
  const data = encodeFunctionData({ ...call, args });
  const params = [{ to: net.contracts.evidence, data }, 'latest'];
  const answer = await net.provider.request({ method: 'eth_call', params });
  assert.equal(decodeFunctionResult({ ...call, data: answer as Hex }), true);
  await price('inclusion proof: 2^20 entries', 'evidence', 1, data);
  return gas;
}

describe('what the contracts cost', () => {
  let gas: Record<string, number> = {};
  before(async () => {
    gas = await measure();
  });

  const atMost = (what: string, limit: number): void => {
    const used = gas[what] ?? assert.fail(`${what} was not measured`);
    assert.ok(used <= limit, `${what}: ${used} gas, over ${limit}`);
  };

  it('a grant and its end cost less than P2’s addUser and removeUser', () => {
    atMost('grant: batch of one patient', 42_192);
    atMost('revoke: batch of one patient', 27_314);
  });

  it('a dispense costs at most 60,000 gas by itself, and less than P2’s addUser in a batch', () => {
    atMost('dispense: alone', 60_000);
    atMost('dispense: batch', 42_192);
  });

  it('a claim costs at most 120,000 gas by itself and in a batch', () => {
    atMost('claim: alone', 120_000);
    atMost('claim: batch', 120_000);
  });

  it('a mandate costs at most 1.15 grants, and a grant by an acting key at most 1.2 times a patient’s', () => {
    const own = gas['grant: alone'] ?? 0;
    atMost('grant: by an acting key alone', 1.2 * own);
    atMost('mandate: alone', 1.15 * own);
  });

  it('an inclusion proof among 2^20 entries costs at most 100,000 gas', () => {
    atMost('inclusion proof: 2^20 entries', 100_000);
  });

  it('a record’s evidence costs less than 1,000 gas at 256 entries a checkpoint', () => {
    for (const what of Object.keys(gas)) {
      if (what.startsWith('checkpoint')) atMost(what, 1000 * ENTRIES);
    }
  });

  it('every contract is smaller than EIP-170 lets it be', () => {
    for (const code of [
      registryBytecode,
      consentBytecode,
      evidenceBytecode,
      prescriptionsBytecode,
      vitalRecordsBytecode,
      settlementBytecode,
      claimsBytecode,
      mandatesBytecode,
    ]) {
      assert.ok((code.length - 2) / 2 < 24_576);
    }
  });

  it('gas and size are those of the committed snapshot', (test) => {
    const bytes = {
      registry: (registryBytecode.length - 2) / 2,
      consent: (consentBytecode.length - 2) / 2,
      evidence: (evidenceBytecode.length - 2) / 2,
      prescriptions: (prescriptionsBytecode.length - 2) / 2,
      vitalRecords: (vitalRecordsBytecode.length - 2) / 2,
      settlement: (settlementBytecode.length - 2) / 2,
      claims: (claimsBytecode.length - 2) / 2,
      mandates: (mandatesBytecode.length - 2) / 2,
    };
    const file = `${import.meta.dirname}/../../contracts/gas.json`;
    const serializers = [(value: unknown) => `${JSON.stringify(value, null, 2)}\n`];
    test.assert.fileSnapshot({ gas, bytes }, file, { serializers });
  });
});
