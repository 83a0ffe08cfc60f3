import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import * as fc from 'fast-check';
import { bytesToHex, hexToBytes, utf8ToBytes } from '../../../crypto/bytes.ts';
import { makeMedicationDispense } from '../../../fhir/makeMedicationDispense.ts';
import {
  BEGIN,
  behind,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../../node/test/testNetwork.ts';
import { base64 } from '@scure/base';
import { sealBytes } from '../../../crypto/sealing/sealBytes.ts';
import { suspend } from '../../../node/test/suspend.ts';
import type { AgentPort, SentLetter } from '../../../protocol/AgentPort.ts';
import { canonicalJson } from '../../../protocol/wire/canonicalJson.ts';
import { signatory } from '../../../protocol/test/sampleNetwork.ts';
import { changeKey } from '../../party/changeKey.ts';
import { memoryDevice } from '../../party/memoryDevice.ts';
import { joinNews, type InboxNews } from '../../letters/InboxNews.ts';
import { ZERO32, type Address } from '../../../protocol/ids.ts';
import type { Dispense } from '../../../protocol/care/prescriptions.ts';
import { sign } from '../../../protocol/struct/signing.ts';
import { timesOf } from '../../../protocol/test/share.ts';
import type { Party } from '../../party/Party.ts';
import { addDispenses } from '../prescriptions/addDispenses.ts';
import { dispense } from '../prescriptions/dispense.ts';
import type { DispenseTold } from '../../letters/DispenseTold.ts';
import { prescribe } from '../prescriptions/test/prescribe.ts';
import { contentHash } from '../prescriptions/prescriptionRecord.ts';
import { readPrescriptions, type PrescriptionListed } from '../prescriptions/readPrescriptions.ts';
import { readSlip } from '../prescriptions/readSlip.ts';
import { submitCare } from '../prescriptions/submitCare.ts';
import { addRecord } from '../../records/addRecord.ts';
import { readChart } from '../../records/readChart.ts';
import { decodePart } from '../../../fhir/decodePart.ts';
import { readRecord } from '../../records/readRecord.ts';
import { accessTo } from '../../test/accessLetters.ts';
import { grantRight } from '../../rights/grantRight.ts';
import { setWill } from '../vital/setWill.ts';
import { handOverWill } from '../vital/handOverWill.ts';
import { approveAccess, handOver, requestAccess } from '../../letters/accessRequests.ts';
import { checkInbox } from './checkInbox.ts';
import { LETTER_KINDS } from './letterKinds.ts';
import { restsOnSender, type LetterVerdict } from '../../letters/LetterKind.ts';
import {
  collectLetters,
  sendLetter,
  type LetterContent,
  type OpenedLetter,
} from '../../letters/letters.ts';
import { answerMistake, reportMistake } from '../../letters/mistakes.ts';

type Content = LetterContent & Readonly<Record<string, unknown>>;
/** A letter as it came, and its reader. */
interface Came {
  readonly reader: Party;
  readonly letter: OpenedLetter & { readonly content: Content };
}

let network: TestNetwork;
let care: Care;
let pharmacist: Party;
let laboratory: Party;
let listed: PrescriptionListed;
/** A genuine letter of each kind, which the reader did not take yet. */
const genuine = new Map<string, Came>();
/** A dispense that the ledger has, whose MedicationDispense says what the prescription does not. */
let invented: DispenseTold;

before(async () => {
  network = await startTestNetwork({ cared: true, further: ['prescriptions', 'vitalRecords'] });
  care = await startCare(network);
  pharmacist = await network.party('pharmacist', { organisation: 'laboratory' });
  const { patient, doctor, stranger, handle, right } = care;
  await prescribe(doctor, {
    handle,
    grant: right.grant,
    purpose: 'TREAT',
    medicine: 'Amoxicillin 500 mg capsules',
    unit: 'capsule',
    dosage: 'One capsule three times a day',
    amount: 30,
    fills: 2,
    interval: 0,
    from: BEGIN,
    until: BEGIN + 86_400,
  });
  const chart = await readChart(patient, { handle, purpose: 'PATRQT' });
  [listed = assert.fail()] = (await readPrescriptions(patient, chart)).prescriptions;
  const slip = listed.slip ?? assert.fail();
  await dispense(pharmacist, slip, { amount: 3, note: 'lot 1' });
  invented = await dispenseOther();
  const { acknowledgement: entry } = await addRecord(doctor, {
    handle,
    grant: right.grant,
    purpose: 'TREAT',
    category: 'vitals',
    content: utf8ToBytes('Asthma.'),
  });
  const first = await reportMistake(patient, { entry, words: 'I have no asthma.' });
  await checkInbox(doctor);
  await answerMistake(doctor, { id: first.id, words: 'It is right.' });
  await reportMistake(patient, { entry, words: 'I never had asthma.' });
  await approveAccess(patient, await requestAccess(doctor, accessTo(care)));
  await handOver(patient, right);
  await requestAccess(stranger, accessTo(care));
  await setWill(patient, { handle, grants: [right.digest], lasts: 86_400 });
  await handOverWill(patient);
  const terms = { reason: 'not-covered', content: ZERO32, salt: `0x${'5a'.repeat(16)}` } as const;
  const step = { claim: ZERO32, step: 1, outcome: 2, amount: 0, until: 0, lotHash: ZERO32 };
  const request = sign(stranger, stranger, 'ClaimDecision', { ...step, terms, deadline: BEGIN });
  await sendLetter(stranger, patient.address, { claimStep: { request } });
  const { acknowledgement: ordered } = await addRecord(doctor, {
    handle,
    grant: right.grant,
    purpose: 'TREAT',
    category: 'procedures',
    content: utf8ToBytes('An order.'),
  });
  await sendLetter(doctor, patient.address, { order: { entry: ordered } });
  const lab = await network.party('lab');
  const given = await grantRight(patient, {
    grantee: lab.address,
    categories: ['reports'],
    actions: ['add'],
    purpose: 'TREAT',
    until: BEGIN + 86_400,
  });
  const { acknowledgement: report } = await addRecord(lab, {
    handle,
    grant: given.grant,
    purpose: 'TREAT',
    category: 'reports',
    content: utf8ToBytes('A report.'),
  });
  const orderAnswer = { order: WORD, entry: report, critical: true } as const;
  await sendLetter(lab, patient.address, { orderAnswer });
  laboratory = lab;
  for (const reader of [patient, doctor]) {
    await collectLetters(reader, async (letter) => {
      const content = letter.content as Content | undefined;
      for (const { field, unless } of LETTER_KINDS) {
        if (content?.[field] === undefined || (unless && content[unless])) continue;
        // The doctor's request was answered.
        if (field === 'request' && letter.from === doctor.address) continue;
        if (!genuine.has(field)) genuine.set(field, { reader, letter: { ...letter, content } });
      }
      return await Promise.resolve(false);
    });
  }
});
after(async () => await network.close());

/** Puts a dispense on the ledger whose resource is another medicine: nodes do not see the resource. */
async function dispenseOther(): Promise<DispenseTold> {
  const { digest, facts, slip } = await readSlip(pharmacist, listed.slip ?? assert.fail());
  const order = { ...slip.request, medicationCodeableConcept: { text: 'Methotrexate 2.5 mg' } };
  const about = { prescription: digest, pharmacist: pharmacist.address, amount: 1, at: BEGIN };
  const resource = makeMedicationDispense(order, about);
  const content = contentHash(pharmacist.primitives, resource);
  const message = messageOf(facts.step + 1, { content });
  const told = signedBy(message);
  await submitCare(pharmacist, told);
  return { ...told, prescription: slip.prescription, order: slip.request, resource };
}

function messageOf(step: number, change: Partial<Dispense['terms']>): Dispense {
  const salt = bytesToHex(pharmacist.random(16));
  const terms = { pharmacist: pharmacist.address, content: ZERO32, salt, ...change };
  return { prescription: listed.digest, step, amount: 1, terms, deadline: BEGIN + 300 };
}

/** A dispense with both signatures. */
function signedBy(
  message: Dispense,
  by: Party = pharmacist,
): Pick<DispenseTold, 'request' | 'cosignature'> {
  const { slip } = listed.facts ?? assert.fail();
  const key = hexToBytes(listed.slip?.key ?? '0x');
  const signer = { address: slip, signingKey: key };
  const { signature: cosignature } = sign(by, signer, 'Dispense', message);
  return { request: sign(by, by, 'Dispense', message), cosignature };
}

/** A dispense that the ledger never had, in which all else fits. */
function unplaced(by: Party = pharmacist): DispenseTold {
  const { request: order, digest, message: prescription } = listed;
  const about = { prescription: digest, pharmacist: by.address, amount: 1, at: BEGIN };
  const resource = makeMedicationDispense(order, about);
  const content = contentHash(by.primitives, resource);
  const signed = signedBy(messageOf(9, { content, pharmacist: by.address }), by);
  return { ...signed, prescription, order, resource };
}

function cameAs(field: string): Came {
  return genuine.get(field) ?? assert.fail(`no letter with ${field}`);
}

async function judged(
  { reader, letter }: Came,
  change: object,
  from?: Address,
): Promise<LetterVerdict> {
  const kind = LETTER_KINDS.find((each) => Object.hasOwn(change, each.field)) ?? assert.fail();
  const content = { ...letter.content, ...change };
  return await kind.take(reader, { ...letter, content, ...(from && { from }) });
}

const WORD = `0x${'77'.repeat(32)}` as const;
const anEntry = (came: Came): object => {
  const entry = came.letter.content.entry ?? assert.fail();
  return { ...entry, body: entry.body.replace('"A"', '"R"') };
};

/** For each field of a letter a forgery of it, in a letter that is genuine otherwise. */
const FORGERIES: Readonly<
  Record<string, Readonly<Record<string, (came: Came) => Promise<LetterVerdict>>>>
> = {
  grant: {
    grant: async (came) => {
      const { grant = assert.fail() } = came.letter.content;
      return await judged(came, { grant: { ...grant, deadline: grant.deadline + 1 } });
    },
  },
  request: {
    request: async (came) => {
      const { request = assert.fail() } = came.letter.content;
      const terms = { ...request.message.terms, amend: true };
      return await judged(came, {
        request: { ...request, message: { ...request.message, terms } },
      });
    },
    entry: async (came) => {
      const { request } = came.letter.content;
      return await judged(came, { request, entry: anEntry(came) });
    },
    withdrawn: async (came) => {
      const { request } = came.letter.content;
      return await judged(came, { request, withdrawn: true }, care.doctor.address);
    },
  },
  entry: {
    entry: async (came) => await judged(came, { entry: anEntry(came) }),
    grant: async (came) => {
      const { grant = assert.fail(), entry } = came.letter.content;
      const kind = LETTER_KINDS.find(({ field }) => field === 'entry') ?? assert.fail();
      const forged = { ...grant, deadline: grant.deadline + 1 };
      return await kind.take(came.reader, {
        ...came.letter,
        content: { format: 'medseal-letter/1', ...(entry && { entry }), grant: forged },
      });
    },
  },
  mistake: {
    id: async (came) => await judged(came, { mistake: { ...mistakeOf(came), id: 'x' } }),
    entry: async (came) => {
      const genuineEntry = mistakeOf(came).entry ?? assert.fail();
      const { body } = genuineEntry;
      const entry = { ...genuineEntry, body: body.replace('"A"', '"R"') };
      return await judged(came, { mistake: { ...mistakeOf(came), entry } });
    },
    pair: async (came) => {
      const pair = { record: WORD, version: 1, nth: 0, proof: [] };
      return await judged(came, { mistake: { ...mistakeOf(came), pair } });
    },
    words: async (came) => {
      return await judged(came, { mistake: { ...mistakeOf(came), words: 'x'.repeat(10_000) } });
    },
    topic: async (came) => {
      return await judged(came, { mistake: { ...mistakeOf(came), topic: 'renewal' } });
    },
    right: async (came) => {
      const right = care.right.digest;
      const { entry: _entry, ...without } = mistakeOf(came);
      const verdicts = [
        await judged(came, { mistake: { ...mistakeOf(came), right } }),
        await judged(came, { mistake: { ...without, right } }),
        await judged(came, { mistake: { ...without, right: WORD, topic: 'question' } }),
        await judged(came, { mistake: without }),
      ];
      assert.deepEqual(verdicts, ['refused', 'refused', 'unknown', 'refused']);
      return 'refused';
    },
    until: async (came) => {
      const { entry: _entry, ...without } = mistakeOf(came);
      const asked = { right: care.right.digest, topic: 'question', until: BEGIN + 9000 };
      const verdicts = [
        await judged(came, { mistake: { ...mistakeOf(came), until: BEGIN + 9000 } }),
        await judged(came, { mistake: { ...without, ...asked } }),
      ];
      assert.deepEqual(verdicts, ['refused', 'refused']);
      return 'refused';
    },
    at: async (came) => await judged(came, { mistake: { ...mistakeOf(came), at: 2 * BEGIN } }),
  },
  mistakeAnswer: {
    mistake: async (came) => {
      const mistakeAnswer = { ...came.letter.content.mistakeAnswer, mistake: WORD };
      return await judged(came, { mistakeAnswer });
    },
    entry: async (came) => {
      const { entry } = mistakeOf(cameAs('mistake'));
      return await judged(came, { mistakeAnswer: { ...came.letter.content.mistakeAnswer, entry } });
    },
    grant: async (came) => {
      const grant = care.right.digest;
      return await judged(came, { mistakeAnswer: { ...came.letter.content.mistakeAnswer, grant } });
    },
    words: async (came) => {
      const mistakeAnswer = { ...came.letter.content.mistakeAnswer, words: '' };
      return await judged(came, { mistakeAnswer });
    },
    at: async (came) => {
      const mistakeAnswer = { ...came.letter.content.mistakeAnswer, at: 2 * BEGIN };
      return await judged(came, { mistakeAnswer });
    },
  },
  will: {
    will: async (came) => {
      const { will = assert.fail() } = came.letter.content;
      return await judged(came, { will: { ...will, terms: { ...will.terms, lasts: 9_999_999 } } });
    },
  },
  claimStep: {
    request: async (came) => await judged(came, came.letter.content, care.doctor.address),
    resource: async (came) => {
      const { claimStep } = came.letter.content;
      return await judged(came, { claimStep: { ...claimStep, resource: { paid: 7 } } });
    },
    evidence: async (came) => {
      const { claimStep } = came.letter.content;
      return await judged(came, { claimStep: { ...claimStep, evidence: { at: 0, text: 1 } } });
    },
  },
  order: {
    entry: async (came) => {
      const { entry } = came.letter.content.order ?? assert.fail();
      const forged = { ...entry, body: entry.body.replace('"procedures"', '"reports"') };
      const { entry: other } = cameAs('orderAnswer').letter.content.orderAnswer ?? assert.fail();
      const verdicts = [
        await judged(came, { order: { entry: forged } }),
        await judged(came, { order: { entry: other } }),
        await judged(came, came.letter.content, care.stranger.address),
      ];
      assert.deepEqual(verdicts, ['refused', 'refused', 'refused']);
      return 'refused';
    },
  },
  orderAnswer: {
    order: async (came) => {
      return await judged(came, {
        orderAnswer: { ...came.letter.content.orderAnswer, order: 'x' },
      });
    },
    entry: async (came) => {
      const { entry } = cameAs('order').letter.content.order ?? assert.fail();
      return await judged(came, { orderAnswer: { ...came.letter.content.orderAnswer, entry } });
    },
    critical: async (came) => {
      const { entry: _entry, ...without } = came.letter.content.orderAnswer ?? assert.fail();
      return await judged(came, { orderAnswer: without });
    },
  },
  dispensed: {
    'request.party': async (came) => {
      const other = await network.party('pharmacist', { organisation: 'insurer' });
      const request = { ...told(came).request, party: other.address };
      return await judged(came, { dispensed: { ...told(came), request } }, other.address);
    },
    'request.message': async (came) => await judged(came, { dispensed: unplaced() }),
    'request.signature': async (came) => {
      const { request } = told(came);
      const { signature } = sign(care.doctor, care.doctor, 'Dispense', request.message);
      return await judged(came, {
        dispensed: { ...told(came), request: { ...request, signature } },
      });
    },
    cosignature: async (came) => {
      const { signature: cosignature } = told(came).request;
      return await judged(came, { dispensed: { ...told(came), cosignature } });
    },
    prescription: async (came) => {
      const { prescription } = told(came);
      const terms = { ...prescription.terms, medicine: 'Methotrexate 2.5 mg' };
      const forged = { ...told(came), prescription: { ...prescription, terms } };
      return await judged(came, { dispensed: forged });
    },
    order: async (came) => {
      const order = { ...told(came).order, dosageInstruction: [{ text: 'Ten at once' }] };
      return await judged(came, { dispensed: { ...told(came), order } });
    },
    resource: async (came) => await judged(came, { dispensed: invented }),
  },
};

function told({ letter }: Came): DispenseTold {
  return letter.content.dispensed ?? assert.fail();
}

function mistakeOf({ letter }: Came): NonNullable<LetterContent['mistake']> {
  return letter.content.mistake ?? assert.fail();
}

function signedPieces(by: readonly Party[]): {
  readonly request: fc.Arbitrary<DispenseTold['request']>;
  readonly cosignature: fc.Arbitrary<DispenseTold['cosignature']>;
} {
  const made = [...by.map((each) => unplaced(each)), invented];
  return {
    request: fc.constantFrom(...made.map(({ request }) => request)),
    cosignature: fc.constantFrom(...made.map(({ cosignature }) => cosignature)),
  };
}

describe('a letter', () => {
  for (const { field, proofs } of LETTER_KINDS) {
    // @class a letter that makes a device act by itself | has it believe a field that only the letter says
    it(`with “${field}” has a forgery for each of its fields, and is taken with none of them`, async () => {
      const forgeries = FORGERIES[field] ?? {};
      assert.deepEqual(Object.keys(forgeries).toSorted(), Object.keys(proofs).toSorted());
      for (const [name, forge] of Object.entries(forgeries)) {
        const verdict = await forge(cameAs(field));
        assert.ok(typeof verdict === 'string', `${name}: ${JSON.stringify(verdict)}`);
      }
      const { reader, letter } = cameAs(field);
      const kind = LETTER_KINDS.find((each) => each.field === field) ?? assert.fail();
      assert.ok(typeof (await kind.take(reader, letter)) === 'object', 'the genuine letter');
    });
  }

  // @actor any pharmacist, in a letter | a MedicationDispense that the ledger never counted, or of another medicine than the prescription, put on the chart in the patient's name
  it('of a party without a right never changes a chart, whatever it says', async () => {
    const { patient, stranger, doctor } = care;
    const others = [stranger, doctor, pharmacist, await network.party('pharmacist')];
    let submitted = 0;
    const watched = behind(patient, {
      submit: async (submissions) => {
        submitted += submissions.length;
        return await patient.agent.submit(submissions);
      },
    });
    // Dispenses that were proven before go to the chart first.
    await addDispenses(patient, [listed]);
    const pieces = [...genuine.values()].flatMap(({ letter: { content } }) =>
      Object.entries(content).filter(([field]) => field !== 'notes' && field !== 'dispensed'),
    );
    const dispensed = fc.record({
      ...signedPieces(others),
      prescription: fc.constantFrom(listed.message),
      order: fc.constantFrom(listed.request, invented.resource),
      resource: fc.constantFrom(invented.resource, ...others.map((by) => unplaced(by).resource)),
    });
    const content = fc
      .tuple(fc.uniqueArray(fc.constantFrom(...pieces), { maxLength: 3 }), dispensed, fc.boolean())
      .map(([some, made, isMade]) => ({
        format: 'medseal-letter/1',
        ...Object.fromEntries(some),
        ...(isMade && { dispensed: made }),
      }));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...others), content, async (from, said) => {
        const id = bytesToHex(from.random(32));
        const letter = { id, from: from.address, until: BEGIN + 300, signer: from.address };
        for (const kind of LETTER_KINDS) {
          if ((said as Partial<Content>)[kind.field] === undefined) continue;
          await kind.take(watched, { ...letter, content: said as unknown as LetterContent });
        }
        await addDispenses(watched, [listed]);
        assert.equal(submitted, 0);
      }),
      { numRuns: timesOf(120) },
    );
  });
});

describe('a dispense on the chart', () => {
  // @actor the pharmacist who was shown a slip | a dispense on the chart that looks as if the patient had written it
  it('names its pharmacist, with both signatures, though the patient put it there', async () => {
    const { patient, handle } = care;
    const slip = (await readSlip(patient, listed.slip ?? assert.fail())).slip;
    await dispense(pharmacist, slip, { amount: 2 });
    await checkInbox(patient);
    await addDispenses(patient, [listed]);
    const chart = await readChart(patient, { handle, purpose: 'PATRQT' });
    const newest = chart.records.findLast(({ author }) => author === patient.address);
    const { content } = await readRecord(patient, chart, newest ?? assert.fail());
    const { provenance, entries } = decodePart(content);
    assert.equal(entries[0]?.resource?.resourceType, 'MedicationDispense');
    assert.equal(provenance?.agent[0]?.who?.identifier?.value, pharmacist.address);
    const data = JSON.parse(atob(provenance.signature?.[0]?.data ?? '')) as object;
    assert.deepEqual(Object.keys(data).toSorted(), ['cosignature', 'request']);
  });
});

/** A letter to a reader that a key signed. */
async function sentBy(
  key: Parameters<typeof sign>[1],
  reader: Party,
  content: object,
): Promise<SentLetter> {
  const text = canonicalJson({ format: 'medseal-letter/1', ...content });
  const sealed = base64.encode(await sealBytes([reader.recipient], utf8ToBytes(text)));
  const letter = bytesToHex(reader.primitives.sha256(utf8ToBytes(sealed)));
  const salt = bytesToHex(reader.random(16));
  const message = { to: reader.address, letter, until: BEGIN + 86_400, salt };
  return { request: sign(reader, key, 'Letter', message), sealed };
}

/** A key of a thief in a party's name, with a change to it that the party's key of then signed. */
function stolenFrom(party: Party): Parameters<typeof sign>[1] {
  const thief = signatory('thief');
  const message = {
    party: party.address,
    signer: thief.address,
    recipient: ZERO32,
    change: 9,
    deadline: BEGIN,
  };
  const { signature } = sign(party, party, 'KeyChange', message);
  const { signature: newSignature } = sign(party, thief, 'KeyChange', message);
  const keyChanges = [{ message, signature, newSignature }];
  return { ...thief, address: party.address, keyChanges };
}

describe('the key that signs a letter', () => {
  // @actor a thief of a key that a party changed, with one organisation that keeps the letters | writes letters, reports and steps of claims in the party's name, or has an agent hand on letters under a key to which the former key signed a change
  it('is compared by an agent that hands letters out, with the suspension of the sender', async () => {
    const { doctor } = care;
    const [one, other] = [await network.party('doctor'), await network.party('doctor')];
    const letters = [
      await sentBy(one, doctor, {}),
      await sentBy(other, doctor, {}),
      await sentBy(stolenFrom(other), doctor, {}),
      await sentBy({ ...signatory('thief'), address: other.address }, doctor, {}),
    ];
    const keeper = network.services('laboratory').contributor;
    network.liars.contributor.set('laboratory', {
      ...keeper,
      letters: async () => await Promise.resolve(letters),
    });
    const handedOut = async (): Promise<readonly Address[]> => {
      const asked = { taken: [], deadline: BEGIN + 300, salt: bytesToHex(doctor.random(16)) };
      const given = await doctor.agent.collect(sign(doctor, doctor, 'Collect', asked));
      const senders = given.map(({ request }) => request.party);
      return senders.filter((from) => [one.address, other.address].includes(from));
    };
    await suspend(network, one, 1);
    assert.deepEqual(await handedOut(), [other.address]);
    await suspend(network, one, 2);
    assert.deepEqual((await handedOut()).toSorted(), [one.address, other.address].toSorted());
    network.liars.contributor.clear();
  });

  // @class a signer whose message brings its own history of keys | has a device believe that a former, foreign or suspended key is its sender's
  it('counts as k coordinators know it: what rests on the sender is not taken under a foreign or former key, or of the suspended', async () => {
    const resting = LETTER_KINDS.filter(restsOnSender);
    assert.ok(resting.length > 3);
    const { doctor, patient, stranger } = care;
    const before = new Map(
      [doctor, patient, stranger, laboratory].map((each) => [each.address, each]),
    );
    const now = new Map<Address, Party>();
    for (const [address, party] of before) {
      now.set(address, (await changeKey(party, network.ports.random(32))).party);
    }
    const none = joinNews([]);
    for (const { field } of resting) {
      const came = cameAs(field);
      const { content, from } = came.letter;
      const reader = now.get(came.reader.address) ?? assert.fail();
      const [former, present] = [before.get(from) ?? assert.fail(), now.get(from) ?? assert.fail()];
      const newsOf = async (key: Parameters<typeof sign>[1]): Promise<InboxNews> => {
        const sent = await sentBy(key, reader, content);
        const given = [[sent], []];
        const collect: AgentPort['collect'] = async () =>
          await Promise.resolve(given.shift() ?? []);
        return await checkInbox(behind({ ...reader, device: memoryDevice() }, { collect }));
      };
      const foreign = await newsOf({ ...signatory('thief'), address: from });
      assert.deepEqual(foreign, { ...none, rights: foreign.rights, discarded: 1 }, field);
      const changed = await newsOf(stolenFrom(former));
      assert.deepEqual(changed, { ...none, rights: changed.rights, discarded: 1 }, field);
      const old = await newsOf(former);
      assert.deepEqual(old, { ...none, rights: old.rights, formerKeys: [from] }, field);
      await suspend(network, present, suspensions.next(from));
      const ofSuspended = await newsOf(present);
      assert.deepEqual(ofSuspended, { ...none, rights: ofSuspended.rights }, field);
      await suspend(network, present, suspensions.next(from));
    }
  });
});

/** The number of the next suspension of a party, or its end. */
const suspensions = {
  numbers: new Map<Address, number>(),
  next(party: Address): number {
    const number = (this.numbers.get(party) ?? 0) + 1;
    this.numbers.set(party, number);
    return number;
  },
};
