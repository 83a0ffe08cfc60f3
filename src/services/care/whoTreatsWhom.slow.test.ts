import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readBlocks } from '../../bindings/readBlocks.ts';
import { readCall } from '../../bindings/readCall.ts';
import { claimAccounts } from '../../client/care/claims/claimAccount.ts';
import { decideClaim } from '../../client/care/claims/decideClaim.ts';
import { disputeClaim } from '../../client/care/claims/disputeClaim.ts';
import { examineDispute, judgeClaim } from '../../client/care/claims/judgeClaim.ts';
import { permitClaim } from '../../client/care/claims/permitClaim.ts';
import { prepareClaim, type NewClaim } from '../../client/care/claims/prepareClaim.ts';
import { listClaims } from '../../client/care/claims/readClaims.ts';
import { signBill } from '../../client/care/claims/bills.ts';
import { drawVerifiers } from '../../client/care/claims/drawVerifiers.ts';
import { lapseClaim } from '../../client/care/claims/lapseClaim.ts';
import { DEFAULT_CLAIM_TERMS } from '../../protocol/care/claimTermsOf.ts';
import { submitClaim } from '../../client/care/claims/submitClaim.ts';
import { supplementClaim } from '../../client/care/claims/supplementClaim.ts';
import { withdrawClaim } from '../../client/care/claims/withdrawClaim.ts';
import { commitEpochs } from '../../client/epochs/commitEpochs.ts';
import { checkInbox } from '../../client/care/inbox/checkInbox.ts';
import type { Party } from '../../client/party/Party.ts';
import {
  cancelPrescription,
  holdPrescription,
} from '../../client/care/prescriptions/changePrescription.ts';
import { dispense } from '../../client/care/prescriptions/dispense.ts';
import {
  passPrescription,
  readPrescriptions,
} from '../../client/care/prescriptions/readPrescriptions.ts';
import { readSlip } from '../../client/care/prescriptions/readSlip.ts';
import type { Slip } from '../../client/care/prescriptions/Slip.ts';
import { prescribe } from '../../client/care/prescriptions/test/prescribe.ts';
import { addRecord } from '../../client/records/addRecord.ts';
import { readChart } from '../../client/records/readChart.ts';
import { grantRight } from '../../client/rights/grantRight.ts';
import { revokeRight } from '../../client/rights/revokeRight.ts';
import { issueUnits } from '../../client/care/units/issueUnits.ts';
import { redeemUnits, signRedemption } from '../../client/care/units/redeemUnits.ts';
import { reportDeath } from '../../client/care/vital/reportDeath.ts';
import { addressOf } from '../../crypto/addressOf.ts';
import { bytesToHex, utf8ToBytes } from '../../crypto/bytes.ts';
import { BEGIN, everything, startTestNetwork } from '../../node/test/testNetwork.ts';
import { CARE_TYPES } from '../../protocol/struct/ledgerRequests.ts';
import { ZERO32, type Bytes32, type RecordId } from '../../protocol/ids.ts';
import type { CareType, RuleType } from '../../protocol/struct/requests.ts';
import { UNIT_TYPES, type UnitType } from '../../protocol/struct/unitTypes.ts';
import { VITAL_TYPES, type VitalType } from '../../protocol/struct/vitalTypes.ts';
import type { Category } from '../../protocol/vocabulary.ts';

/** Requests that reach the ledger. */
type Verb = RuleType | CareType | UnitType | VitalType;

/** Verbs that put patient and doctor side by side in public, as the threat model says: a fact of a life and who attests it. */
const TELL: readonly Verb[] = ['Birth', 'Death', 'ConfirmVital', 'UndoVital'];
/** Verbs of one person alone, which say nothing of another; and of nobody. */
const ALONE: readonly Verb[] = ['Will', 'ObjectToVital', 'IssueUnits'];

/** The text that an outsider reads of each verb: persons by name, whatever looks random by its first appearance. */
type Transcript = ReadonlyMap<Verb, readonly string[]>;

const HEX = /^0x[0-9a-f]*$/i;

/**
 * Plays every verb with two patients and two doctors. Whatever is anonymous is done in an order that does not follow from who
 * it is: times of requests are told in the threat model, and are not the question here.
 */
async function play(isCrossed: boolean): Promise<Transcript> {
  const further = ['prescriptions', 'vitalRecords', 'settlement', 'claims'] as const;
  const network = await startTestNetwork({ further });
  const signers = new Map<string, string>();
  const names = new Map<string, string>();
  const numbers = new Map<string, string>();

  /** A person whose signatures an outsider recognises, wherever they turn up. */
  const person = async (name: string, ...at: Parameters<typeof network.party>): Promise<Party> => {
    const party = await network.party(...at);
    names.set(party.address, name);
    const { primitives } = party;
    const sign = (digest: Uint8Array, secret: Uint8Array): Uint8Array => {
      const signature = primitives.sign(digest, secret);
      const signer = addressOf(primitives, primitives.publicKey(secret));
      signers.set(bytesToHex(signature), signer);
      return signature;
    };
    return { ...party, primitives: { ...bound(primitives), sign } };
  };
  const both = [0, 1] as const;
  const crossed = (at: 0 | 1): 0 | 1 => (isCrossed === (at === 0) ? 1 : 0);
  const patients = [
    await person('patient 0', 'patient'),
    await person('patient 1', 'patient'),
  ] as const;
  const doctors = [await person('doctor 0', 'doctor'), await person('doctor 1', 'doctor')] as const;
  const pharmacist = await person('pharmacist', 'pharmacist', { organisation: 'laboratory' });
  const insurer = await person('insurer', 'insurer', { organisation: 'insurer' });
  const verifier = await person('verifier', 'verifier', { organisation: 'laboratory' });
  const [seat] = network.authorityKeys;
  assert.ok(seat);

  const transcript = new Map<Verb, string[]>();
  let seen = 0;
  const { ledger, file } = network;
  const tell = async (verb: Verb): Promise<void> => {
    const told = transcript.get(verb) ?? [];
    transcript.set(verb, told);
    const range = { from: seen, to: Number.MAX_SAFE_INTEGER };
    for (const block of await readBlocks(ledger, file.contracts, range)) {
      seen = block.number + 1;
      for (const hash of block.transactions) {
        const sent = (await ledger.request({
          method: 'eth_getTransactionByHash',
          params: [hash],
        })) as { from: string; to: string; input: string };
        const events = block.events.filter(({ transaction }) => transaction === hash);
        const call = readCall(sent.input);
        const what = events.map(({ kind, values }) => [kind, values]);
        told.push(...leaves([sent.from, sent.to, call?.name, call?.values, what]).map(shown));
      }
    }
  };
  const shown = (leaf: unknown): string => {
    const text = String(leaf).toLowerCase();
    if (typeof leaf !== 'string' || !HEX.test(text)) return text;
    const signer = signers.get(text);
    if (signer !== undefined) return `signed by ${shown(signer)}`;
    if (text.length === 132) return 'a signature';
    const name = names.get(text) ?? numbers.get(text) ?? `#${numbers.size}`;
    if (!names.has(text)) numbers.set(text, name);
    return name;
  };
  const each = async (verb: Verb, act: (at: 0 | 1) => Promise<unknown>): Promise<void> => {
    for (const at of both) await act(at);
    await tell(verb);
  };

  for (const at of both) await commitEpochs(patients[at], 2);
  await tell('CommitEpochs');
  const handles: `0x${string}`[] = [];
  const grants: Bytes32[] = [];
  const rights: Awaited<ReturnType<typeof grantRight>>[] = [];
  await each('Grant', async (at) => {
    const right = await grantRight(patients[at], everything(doctors[crossed(at)]));
    handles[at] = right.grant.handle;
    grants[at] = right.digest;
    rights[at] = right;
    names.set(right.grant.handle, `handle ${at}`);
  });

  /** A record of a doctor on the chart of its patient, in the order of the doctors. */
  const write = async (category: Category): Promise<readonly RecordId[]> => {
    const records: RecordId[] = [];
    for (const at of both) {
      const patient = crossed(at);
      const { record } = await addRecord(doctors[at], {
        handle: handles[patient] ?? assert.fail(),
        grant: (rights[patient] ?? assert.fail()).grant,
        purpose: 'TREAT',
        category,
        content: utf8ToBytes(category),
      });
      records[patient] = record;
    }
    await network.checkpoint();
    return records;
  };

  const prescribed = async (medicine: string): Promise<readonly Bytes32[]> => {
    const digests: Bytes32[] = [];
    for (const at of both) {
      const patient = crossed(at);
      const made = await prescribe(doctors[at], {
        handle: handles[patient] ?? assert.fail(),
        grant: (rights[patient] ?? assert.fail()).grant,
        purpose: 'TREAT',
        medicine,
        unit: 'capsule',
        dosage: 'One a day',
        amount: 30,
        fills: 2,
        interval: 0,
        from: BEGIN,
        until: BEGIN + 86_400,
      });
      digests[at] = made.digest;
    }
    return digests;
  };
  const orders = await prescribed('Amoxicillin 500 mg capsules');
  const others = await prescribed('Ibuprofen 400 mg tablets');
  await tell('Prescription');
  await each('HoldPrescription', async (at) => {
    await holdPrescription(doctors[at], others[at] ?? assert.fail(), true);
  });
  await each('CancelPrescription', async (at) => {
    await cancelPrescription(doctors[at], others[at] ?? assert.fail());
  });
  const slips: Slip[] = [];
  await each('PassPrescription', async (at) => {
    const patient = patients[crossed(at)];
    const handle = handles[crossed(at)] ?? assert.fail();
    const chart = await readChart(patient, { handle, purpose: 'PATRQT' });
    const found = (await readPrescriptions(patient, chart)).prescriptions.find(
      ({ digest }) => digest === orders[at],
    );
    slips[at] = await passPrescription(patient, found ?? assert.fail());
  });
  await each('Dispense', async (at) => {
    const slip = slips[at] ?? assert.fail();
    await readSlip(pharmacist, slip);
    await dispense(pharmacist, slip, { amount: 10 });
  });

  const visits = await write('encounters');
  const policies = await write('coverage');
  const reports = await write('reports');
  await issueUnits(insurer, seat, {
    organisation: 'hospital',
    account: insurer.address,
    amount: 1_000_000,
  });
  await tell('IssueUnits');
  const claimFor = (at: 0 | 1, treatment: RecordId | undefined): NewClaim => ({
    handle: handles[at] ?? assert.fail(),
    insurer: insurer.address,
    coverage: policies[at] ?? assert.fail(),
    ...(treatment && { treatment }),
    lines: [{ service: 'Consultation', units: 10_000 }],
    currency: 'EUR',
  });
  const claims: Bytes32[] = [];
  await each('InsuranceClaim', async (at) => {
    const treatment = visits[at] ?? assert.fail();
    const doctor = doctors[crossed(at)];
    const { grant } = rights[at] ?? assert.fail();
    const handle = handles[at] ?? assert.fail();
    const bill = await signBill(doctor, { handle, treatment, total: 10_000, grant });
    const wanted = { ...claimFor(at, treatment), payee: doctor.address, bill };
    claims[at] = (await submitClaim(patients[at], wanted)).digest;
  });
  await network.checkpoint();
  await listClaims(insurer);
  for (const doctor of doctors) await listClaims(doctor);
  await each('ClaimDecision', async (at) => {
    const digest = claims[at] ?? assert.fail();
    await decideClaim(insurer, digest, { outcome: 'ask', reason: 'more-needed' });
  });
  await each('ClaimSupplement', async (at) => {
    const records = [reports[at] ?? assert.fail()];
    await supplementClaim(patients[at], claims[at] ?? assert.fail(), { records });
  });
  await network.checkpoint();
  await checkInbox(insurer);
  await each('ClaimDecision', async (at) => {
    const yes = { outcome: 'approve', reason: 'partly-covered', amount: 9_000 } as const;
    await decideClaim(insurer, claims[at] ?? assert.fail(), yes);
  });
  await each('DisputeClaim', async (at) => {
    await disputeClaim(patients[at], claims[at] ?? assert.fail(), { reason: 'It was necessary' });
  });
  for (const at of both) {
    for (const side of [insurer, patients[at]]) {
      await drawVerifiers(side, claims[at] ?? assert.fail());
    }
  }
  await checkInbox(verifier);
  await each('ClaimJudgement', async (at) => {
    const digest = claims[at] ?? assert.fail();
    await judgeClaim(verifier, digest, await examineDispute(verifier, digest));
  });
  const further2: Bytes32[] = [];
  await each('InsuranceClaim', async (at) => {
    // Whoever treated claims, once the patient allowed it.
    const doctor = doctors[crossed(at)];
    const { grant } = rights[at] ?? assert.fail();
    const wanted = { ...claimFor(at, reports[at]), grant, purpose: 'TREAT' } as const;
    const prepared = await prepareClaim(doctor, wanted);
    const permits = await permitClaim(patients[at], prepared);
    further2[at] = (await submitClaim(doctor, prepared, permits)).digest;
  });
  await each('WithdrawClaim', async (at) => {
    await withdrawClaim(doctors[crossed(at)], further2[at] ?? assert.fail());
  });
  await each('Revoke', async (at) => {
    await revokeRight(patients[at], grants[at] ?? assert.fail());
  });
  await each('Death', async (at) => {
    const patient = crossed(at);
    const handle = handles[patient] ?? assert.fail();
    await reportDeath(doctors[at], { handle, content: ZERO32, at: BEGIN });
  });
  // Nobody appeals, so that the insurer has to decide the rest, and does not: what was held is paid.
  for (const _term of both) {
    network.clock.advance((DEFAULT_CLAIM_TERMS.term + 1) * 1000);
    for (const at of both) await lapseClaim(insurer, claims[at] ?? assert.fail());
  }
  await each('RedeemUnits', async (at) => {
    const doctor = doctors[crossed(at)];
    const account = (await claimAccounts(doctor)).find((own) => own.claim === claims[at]);
    const wanted = { organisation: 'hospital', amount: 1_000, account: account ?? assert.fail() };
    await redeemUnits(insurer, seat, await signRedemption(doctor, wanted));
  });
  assert.deepEqual(network.failures, []);
  await network.close();
  return transcript;
}

/** Methods of primitives as values, so that one can be replaced. */
function bound<Of extends object>(of: Of): Of {
  return new Proxy(of, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name, target);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
}

/** Values at the ends of a structure, in order. */
function leaves(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value.flatMap(leaves);
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(leaves);
  return [value];
}

describe('an outsider who reads the whole ledger', () => {
  // @class a request on the ledger by which everybody learns who treats whom | patient and doctor stand in it side by side, or in two that one value joins
  it('guesses no better than a coin which of two doctors treats which of two patients, whatever the verb', async () => {
    const [straight, other] = [await play(false), await play(true)];
    const verbs: readonly Verb[] = [
      'Grant',
      'Revoke',
      'CommitEpochs',
      ...CARE_TYPES,
      ...UNIT_TYPES,
      ...VITAL_TYPES,
    ];
    const untried = verbs.filter((verb) => {
      return !straight.has(verb) && !TELL.includes(verb) && !ALONE.includes(verb);
    });
    assert.deepEqual(untried, [], 'each verb is tried');
    for (const [verb, told] of straight) {
      assert.ok(told.length > 4, verb);
      const others = other.get(verb);
      // The same text for either pair: whatever a program makes of it, it is wrong in one of the two.
      if (TELL.includes(verb)) assert.notDeepEqual(told, others, `${verb} tells after all`);
      else assert.deepEqual(told, others, verb);
    }
  });
});
