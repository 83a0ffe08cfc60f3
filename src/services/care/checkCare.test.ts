import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { NewPrescription } from '../../client/care/prescriptions/NewPrescription.ts';
import { addRecord } from '../../client/records/addRecord.ts';
import { grantRight } from '../../client/rights/grantRight.ts';
import { revokeRight } from '../../client/rights/revokeRight.ts';
import type { Party } from '../../client/party/Party.ts';
import { bytesToHex, utf8ToBytes } from '../../crypto/bytes.ts';
import {
  BEGIN,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import type { Submission } from '../../protocol/AgentPort.ts';
import { canonicalJson } from '../../protocol/wire/canonicalJson.ts';
import { ZERO32, ZERO_ADDRESS, type Address } from '../../protocol/ids.ts';
import type {
  CancelPrescription,
  Dispense,
  Prescription,
} from '../../protocol/care/prescriptions.ts';
import { digestOf, sign } from '../../protocol/struct/signing.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import type { DepositCopy } from '../ports.ts';
import { prescribe, signOrder } from '../../client/care/prescriptions/test/prescribe.ts';

const ATC = 'http://www.whocc.no/atc';

let network: TestNetwork;
let care: Care;
let colleague: Party;
let pharmacist: Party;

before(async () => {
  network = await startTestNetwork({
    cared: true,
    further: ['prescriptions'],
    controlled: [`${ATC}|N02A*`],
  });
  care = await startCare(network);
  colleague = await network.party('doctor');
  pharmacist = await network.party('pharmacist');
});
after(async () => await network.close());

let orders = 0;
function order(): NewPrescription {
  orders += 1;
  return {
    handle: care.handle,
    grant: care.right.grant,
    purpose: 'TREAT',
    medicine: 'Ibuprofen 400 mg tablets',
    code: { system: ATC, code: 'M01AE01' },
    unit: 'tablet',
    // Another order, so that another record is written.
    dosage: `One if needed ${orders}`,
    amount: 20,
    fills: 1,
    interval: 0,
    from: BEGIN,
    until: BEGIN + 86_400,
  };
}

/** The code with which the node refuses a submission, or `placed`. */
async function outcomeOf(submission: Submission): Promise<string> {
  const [outcome] = await network.agent().submit([submission]);
  if (outcome?.outcome === 'refused') return outcome.problem.code;
  return outcome?.outcome ?? 'none';
}

/** A signed prescription, with other fields if given. */
async function prescription(
  change: Partial<Prescription> = {},
  by: Party = care.doctor,
): Promise<Submission> {
  const { message, submission } = await signOrder(care.doctor, order());
  return { ...submission, request: sign(by, by, 'Prescription', { ...message, ...change }) };
}

async function dispensed(
  change: Partial<Dispense> = {},
  by = pharmacist,
  signer: { readonly address: Address; readonly signingKey: Uint8Array } | Party = pharmacist,
): Promise<Submission> {
  const { digest } = await prescribe(care.doctor, order());
  const message: Dispense = {
    prescription: digest,
    step: 1,
    amount: 1,
    terms: { pharmacist: by.address, content: digest, salt: `0x${'11'.repeat(16)}` },
    deadline: BEGIN + 300,
    ...change,
  };
  const { signature: cosignature } = sign(by, signer, 'Dispense', message);
  return { request: sign(by, by, 'Dispense', message), cosignature };
}

describe('a node refuses a prescription', () => {
  it('without the entry of its record', async () => {
    const { request } = await prescription();
    assert.equal(await outcomeOf({ request }), 'REQUEST_MALFORMED');
  });

  it('whose entry is of another record, or of another category', async () => {
    const { handle, grant, purpose } = order();
    const other = { handle, grant, purpose, content: utf8ToBytes('x') };
    const submission = await prescription();
    const { message } = submission.request as { message: Prescription };
    const { acknowledgement: foreign } = await addRecord(care.doctor, {
      ...other,
      category: 'medications',
    });
    assert.equal(await outcomeOf({ ...submission, written: foreign }), 'REQUEST_MALFORMED');
    const { acknowledgement, record } = await addRecord(care.doctor, {
      ...other,
      category: 'laboratory',
    });
    const terms = { ...message.terms, record };
    const request = sign(care.doctor, care.doctor, 'Prescription', { ...message, terms });
    assert.equal(await outcomeOf({ request, written: acknowledgement }), 'REQUEST_MALFORMED');
  });

  // @actor a doctor whose right ended | prescribes on an entry of before, shows no opening, or that of another right
  it('whose right to write has ended since, or is not shown, however good its entry was', async () => {
    const given = await grantRight(care.patient, {
      grantee: care.doctor.address,
      categories: ['medications'],
      actions: ['add'],
      purpose: 'TREAT',
      until: BEGIN + 600,
    });
    const own = { ...order(), grant: given.grant };
    const { message, submission } = await signOrder(care.doctor, own);
    const other = (change: Partial<Prescription> = {}): Submission => ({
      ...submission,
      request: sign(care.doctor, care.doctor, 'Prescription', { ...message, ...change }),
    });
    assert.equal(await outcomeOf(other()), 'placed');
    const { openings: _, ...hidden } = other({ amount: 1 });
    assert.equal(await outcomeOf(hidden), 'RIGHT_MISSING');
    const foreign = { ...other({ amount: 2 }), openings: [care.right.grant] };
    assert.equal(await outcomeOf(foreign), 'RIGHT_MISSING');
    await revokeRight(care.patient, given.digest);
    assert.equal(await outcomeOf(other({ amount: 3 })), 'RIGHT_ENDED');
    assert.equal(await outcomeOf(other()), 'placed', 'what the ledger took gets its first answer');
  });

  // @actor a doctor, with a right that stands | rests a second prescription on one record, also after the first ended or by two organisations at once
  it('on a record that has one already, also after its end, but not the same one again', async () => {
    const { message, submission } = await signOrder(care.doctor, order());
    const other = (change: Partial<Prescription> = {}): Submission => ({
      ...submission,
      request: sign(care.doctor, care.doctor, 'Prescription', { ...message, ...change }),
    });
    assert.equal(await outcomeOf(other()), 'placed');
    assert.equal(await outcomeOf(other({ amount: 60 })), 'RULE_REFUSED');
    const prescription = digestOf(care.doctor, 'Prescription', message);
    assert.equal(await outcomeOf(other({ replaces: prescription })), 'RULE_REFUSED');
    const cancel = { prescription, deadline: BEGIN + 300 };
    const request = sign(care.doctor, care.doctor, 'CancelPrescription', cancel);
    assert.equal(await outcomeOf({ request }), 'placed');
    assert.equal(await outcomeOf(other({ amount: 60 })), 'RULE_REFUSED');
    assert.equal(await outcomeOf(other()), 'placed', 'the same gets its first answer');
  });

  it('on a record that has one already, though two come at once to two organisations', async () => {
    const { message, submission } = await signOrder(care.doctor, order());
    const both = [20, 60].map(async (amount, place) => {
      const request = sign(care.doctor, care.doctor, 'Prescription', { ...message, amount });
      const agent = network.agent(place === 0 ? 'hospital' : 'laboratory');
      const [outcome] = await agent.submit([{ ...submission, request }]);
      return outcome?.outcome === 'refused' ? outcome.problem.code : outcome?.outcome;
    });
    const outcomes = new Set(await Promise.all(both));
    assert.deepEqual(outcomes, new Set(['placed', 'RULE_REFUSED']));
  });

  for (const [whose, by] of [
    ['the prescriber', (): Party => care.doctor],
    ['another doctor', (): Party => colleague],
  ] as const) {
    // @class what rests on a record | follows from its later versions, so that whoever amends takes it
    // @actor a doctor who may amend a record on which a colleague's signed order waits | prescribes on the amendment, so that the colleague's order is refused
    it(`on a version with which ${whose} amended the record, before the first order is placed or after`, async () => {
      const { message, submission } = await signOrder(care.doctor, order());
      const { record } = message.terms;
      const { grant } = await grantRight(care.patient, {
        grantee: by().address,
        categories: ['medications'],
        actions: ['read', 'add', 'amend'],
        purpose: 'TREAT',
        until: BEGIN + 86_400,
      });
      const amends = { record, version: 1, begunBy: care.doctor.address, about: ZERO32 };
      const { acknowledgement: written } = await addRecord(by(), {
        handle: care.handle,
        grant,
        purpose: 'TREAT',
        category: 'medications',
        content: utf8ToBytes('x'),
        amends,
      });
      const own = { ...message, prescriber: by().address, amount: 60 };
      const request = sign(by(), by(), 'Prescription', own);
      const amended = { request, written, openings: [grant] };
      assert.equal(await outcomeOf(amended), 'REQUEST_MALFORMED');
      assert.equal(await outcomeOf(submission), 'placed');
      assert.equal(await outcomeOf(amended), 'REQUEST_MALFORMED');
    });
  }

  // @actor doctor | to prescribe by another doctor's record
  it('whose record another doctor wrote', async () => {
    const submission = await prescription({ prescriber: care.stranger.address }, care.stranger);
    assert.equal(await outcomeOf(submission), 'REQUEST_MALFORMED');
  });

  it('that names another prescriber than signed, or is signed by a patient', async () => {
    const foreign = await prescription({ prescriber: care.stranger.address });
    assert.equal(await outcomeOf(foreign), 'RIGHT_MISSING');
    const own = await prescription({ prescriber: care.patient.address }, care.patient);
    assert.equal(await outcomeOf(own), 'RIGHT_MISSING');
  });

  it('after its deadline, or long before', async () => {
    assert.equal(await outcomeOf(await prescription({ deadline: BEGIN - 1 })), 'REQUEST_LATE');
    const early = await prescription({ deadline: BEGIN + 3600 });
    assert.equal(await outcomeOf(early), 'REQUEST_EARLY');
  });

  // @actor doctor | to prescribe what is on the list alone
  it('of a medicine on the network’s list, or that nobody can look up there, which one doctor signed', async () => {
    const submission = await prescription();
    const { terms, ...message } = submission.request.message as Prescription;
    for (const code of [`${ATC}|N02AA01`, `${ATC}|n02aa01`, '', 'http://other.example|M01AE01']) {
      const told = { ...message, terms: { ...terms, code } };
      const request = sign(care.doctor, care.doctor, 'Prescription', told);
      assert.equal(await outcomeOf({ ...submission, request }), 'SECOND_MISSING', code);
    }
    const told = { ...message, terms: { ...terms, code: `${ATC}|N02AA01` } };
    const both = { ...told, second: care.stranger.address };
    const request = sign(care.doctor, care.doctor, 'Prescription', both);
    const { signature: cosignature } = sign(care.stranger, care.stranger, 'Prescription', both);
    assert.equal(await outcomeOf({ ...submission, request }), 'SIGNATURE_INVALID');
    assert.equal(await outcomeOf({ ...submission, request, cosignature }), 'placed');
  });

  it('before it is written to the chart, if its client sees that a second doctor is missing', async () => {
    const listed = { ...order(), code: { system: ATC, code: 'N02AA01' } };
    await assert.rejects(prescribe(care.doctor, listed), failsWith('SECOND_MISSING'));
  });

  it('with a signature of a second doctor whom it does not name', async () => {
    const submission = await prescription();
    const { signature: cosignature } = submission.request;
    assert.equal(await outcomeOf({ ...submission, cosignature }), 'REQUEST_MALFORMED');
  });

  it('in a network that was founded before there were prescriptions', async () => {
    await using old = await startOld();
    await assert.rejects(old.issue(), failsWith('CONTRACT_ABSENT', { contract: 'prescriptions' }));
    const { request } = await prescription();
    const message = { ...(request.message as Prescription), prescriber: old.doctor.address };
    const signed = sign(old.doctor, old.doctor, 'Prescription', message);
    const [outcome] = await old.doctor.agent.submit([{ request: signed }]);
    assert.ok(outcome?.outcome === 'refused' && outcome.problem.code === 'CONTRACT_ABSENT');
  });
});

describe('a node refuses a dispense', () => {
  it('that the key of the prescription did not sign', async () => {
    assert.equal(await outcomeOf(await dispensed()), 'SIGNATURE_INVALID');
    const { request } = await dispensed();
    assert.equal(await outcomeOf({ request }), 'SIGNATURE_INVALID');
  });

  it('of a prescription that the ledger does not have', async () => {
    const submission = await dispensed({ prescription: `0x${'77'.repeat(32)}` });
    assert.equal(await outcomeOf(submission), 'NOT_FOUND');
  });

  it('that names another pharmacist, or is signed by a doctor', async () => {
    const terms = {
      pharmacist: ZERO_ADDRESS,
      content: care.handle,
      salt: `0x${'11'.repeat(16)}`,
    } as const;
    assert.equal(await outcomeOf(await dispensed({ terms })), 'RIGHT_MISSING');
    assert.equal(await outcomeOf(await dispensed({}, care.doctor)), 'RIGHT_MISSING');
  });
});

it('what was prescribed is kept at every organisation, and a peer that was away gets it', async () => {
  const { digest } = await prescribe(care.doctor, order());
  const count = async (): Promise<number> => {
    const { kept } = await network.services('insurer').contributor.keptAfter(0);
    const copies = await network
      .services('insurer')
      .contributor.keptCopies(kept.map(({ id }) => id));
    return copies.filter((copy) => copy !== null && 'care' in copy).length;
  };
  const before = await count();
  assert.ok(before > 0);
  await network.lose('insurer', 'kept');
  await network.services('insurer').contributor.catchUp();
  assert.equal(await count(), before);
  assert.deepEqual(network.failures, []);
  assert.match(digest, /^0x/);
});

/** Copies of care that the insurer keeps. */
async function copies(): Promise<readonly DepositCopy[]> {
  const { contributor } = network.services('insurer');
  const { kept } = await contributor.keptAfter(0);
  const found = await contributor.keptCopies(kept.map(({ id }) => id));
  return found.flatMap((copy) => (copy !== null && 'care' in copy ? [copy] : []));
}

describe('what a lying peer makes of a request', () => {
  // @attack an organisation puts megabytes beside a request of care that others signed, over and over, for its peers to keep | kept is what was checked, once for each effect on the ledger
  it('is kept once, without what the peer put beside it', async () => {
    const { digest } = await prescribe(care.doctor, order());
    const before = await copies();
    const [written] = before.flatMap((copy) => ('care' in copy ? (copy.care.written ?? []) : []));
    assert.ok(written);
    const requests = [BEGIN + 299, BEGIN + 300].map((deadline) => {
      return sign(care.doctor, care.doctor, 'CancelPrescription', {
        prescription: digest,
        deadline,
      });
    });
    const { contributor } = network.services('insurer');
    for (const request of requests) {
      const made = Array.from({ length: 3 }, (_, n) => {
        const body = `${'x'.repeat(1000)}${n}`;
        return { request, cosignature: request.signature, written: { ...written, body } };
      });
      await contributor.keepRules(made);
    }
    const after = await copies();
    assert.equal(after.length - before.length, 1);
    assert.ok(!JSON.stringify(after).includes('xxx'));
  });

  // @attack an organisation gives a peer that was away a request of care that another party signed, in place of the one that counts | not kept, and the giver is named
  it('is not kept, nor in place of the request that it is like, if another could not have brought it', async () => {
    const { digest } = await prescribe(care.doctor, order());
    const forged: Submission[] = [];
    const message = { prescription: digest, deadline: BEGIN + 300 };
    forged.push({ request: sign(care.stranger, care.stranger, 'CancelPrescription', message) });
    forged.push(await dispensed({ prescription: digest }));
    const { request, written } = await prescription();
    forged.push({ request }, { request, written: { ...(written ?? assert.fail()), verdicts: [] } });
    const before = await copies();
    await copyFrom(forged);
    assert.deepEqual(await copies(), before);
    assert.ok(network.failures.splice(0).length > 0, 'the peer is named');
  });

  // @attack an organisation gives a peer that was away a request of care that no node takes for years, so that it is kept that long | not kept, unless the ledger took it, and the giver is named
  it('is not kept with a deadline so far away that no node took it, unless the ledger did', async () => {
    const { digest } = await prescribe(care.doctor, order());
    const before = await copies();
    const cancel = (deadline: number): Submission => {
      const message = { prescription: digest, deadline };
      return { request: sign(care.doctor, care.doctor, 'CancelPrescription', message) };
    };
    await copyFrom([cancel(BEGIN + 600 + 61)]);
    assert.deepEqual(await copies(), before);
    assert.equal(await outcomeOf(cancel(BEGIN + 600)), 'placed');
    // Whoever has the true copy would give it as soon as the insurer starts.
    for (const name of ['hospital', 'laboratory'] as const) silence(name);
    await network.lose('insurer', 'kept');
    await copyFrom([cancel(BEGIN + 365 * 86_400)]);
    const kept = (await copies()).filter((copy) => 'care' in copy);
    assert.deepEqual(
      kept.map(({ care: { request } }) => [request.type, request.message.deadline]),
      [['CancelPrescription', BEGIN + 365 * 86_400]],
    );
  });
});

/** Lets an organisation say that it keeps nothing. */
function silence(name: 'hospital' | 'laboratory'): void {
  network.liars.contributor.set(name, {
    ...network.services(name).contributor,
    keptAfter: async () => await Promise.resolve({ series: `0x${'22'.repeat(16)}`, kept: [] }),
  });
}

/** The insurer catches up with a hospital that gives these copies alone. */
async function copyFrom(given: readonly Submission[]): Promise<void> {
  const real = network.services('hospital').contributor;
  const ids = given.map(({ request: { type, message } }) => {
    const isCancelled = type === 'CancelPrescription';
    const by = isCancelled
      ? { prescription: (message as CancelPrescription).prescription }
      : { digest: digestOf(care.doctor, type as 'Prescription', message as Prescription) };
    const name = utf8ToBytes(canonicalJson({ type, ...by }));
    return bytesToHex(network.ports.primitives.sha256(name));
  });
  const series = bytesToHex(network.ports.random(16));
  network.liars.contributor.set('hospital', {
    ...real,
    keptAfter: async (after) => {
      const kept = after > 0 ? [] : ids.map((id, place) => ({ place: place + 1, id }));
      return await Promise.resolve({ series, kept });
    },
    keptCopies: async () => await Promise.resolve(given.map((each) => ({ care: each }))),
  });
  silence('laboratory');
  await network.services('insurer').contributor.catchUp();
  network.liars.contributor.clear();
}

async function startOld(): Promise<
  AsyncDisposable & { readonly doctor: Party; readonly issue: () => Promise<unknown> }
> {
  const old = await startTestNetwork({ cared: true });
  const { doctor, handle, right } = await startCare(old);
  return {
    doctor,
    issue: async () => await prescribe(doctor, { ...order(), handle, grant: right.grant }),
    [Symbol.asyncDispose]: async () => await old.close(),
  };
}

// The last one: time has passed after it.
// @actor a doctor, with a right that stands | prescribes on an old entry
it('a node refuses a prescription whose entry is more than a day old', async () => {
  const { message, submission } = await signOrder(care.doctor, order());
  network.clock.advance(86_401_000);
  const deadline = BEGIN + 86_401 + 300;
  const request = sign(care.doctor, care.doctor, 'Prescription', { ...message, deadline });
  assert.equal(await outcomeOf({ ...submission, request }), 'REQUEST_LATE');
});
