import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { requestTypes } from '../../../src/protocol/struct/requestTypes.ts';

/** Reasons for which a field of what a person signs is not among the words that are signed. */
const UNSAID = {
  salt: 'random bytes',
  soon: 'last second at which it is taken, minutes or days ahead',
  counted: 'the number that the ledger expects next: another is refused',
  signer: 'the person who signs, or the chart of that person',
  page: 'named by the page that it is signed on: a banner, a heading, or the line with the button',
  hashed: 'a hash or a number that the device makes from what is shown',
  own: 'a key that the device makes for the person',
  now: 'the moment of signing, since no screen takes another',
} as const;

type Row = keyof typeof UNSAID | readonly [screen: string, source: string];

const TERMS = 'share/useTermsInWords.ts';
const ORDER = 'prescriptions/OrderWords.tsx';
const UNDO = 'vital/UndoingInWords.tsx';
const DECIDE = 'claims/DecideClaim.tsx';
const PLACE = 'claims/PlaceClaim.tsx';

/** The structs that a person signs, and for each field the screen and the source that says it, or why it is not said. */
const SIGNED: Readonly<Record<string, Readonly<Record<string, Row>>>> = {
  Grant: { handle: 'signer', deadline: 'soon' },
  Terms: {
    grantee: ['share/Share.tsx', '<strong>{who.name}</strong> {inWords(termsSaid('],
    categories: ['share/coveredInWords.ts', 'terms.categories.map'],
    record: ['share/chooseTermsWords.ts', '{ categories, record }'],
    read: [TERMS, "['read', 'add', 'amend']"],
    add: [TERMS, "['read', 'add', 'amend']"],
    amend: [TERMS, "['read', 'add', 'amend']"],
    purpose: [TERMS, 'terms.purpose'],
    from: 'now',
    until: [TERMS, 'moment(terms.until)'],
    salt: 'salt',
  },
  AccessRequest: {
    handle: ['patients/AskAccess.tsx', "say('patients.ask-signed', { who: name })"],
    deadline: 'soon',
  },
  Prescription: {
    prescriber: 'signer',
    second: [ORDER, 'nameOf(order.second)'],
    holder: 'own',
    slip: 'own',
    amount: [ORDER, "say('medicines.order', { amount, unit"],
    fills: [ORDER, "say('medicines.order', { amount, unit"],
    interval: [ORDER, "say('medicines.interval-days', { interval })"],
    from: [ORDER, 'moment(from)'],
    until: [ORDER, 'day(until)'],
    replaces: [ORDER, 'order.replaces'],
    deadline: 'soon',
  },
  PrescriptionTerms: {
    handle: 'page',
    record: 'hashed',
    content: [ORDER, 'directionsSaid(directions'],
    medicine: [ORDER, 'visibleText(medicine'],
    code: [ORDER, "code === ''"],
    unit: [ORDER, 'visibleText(unit'],
    controlled: [ORDER, 'order.controlled'],
    salt: 'salt',
  },
  Dispense: {
    prescription: 'page',
    step: 'counted',
    amount: ['prescriptions/Dispensary.tsx', "say('medicines.dispense-words'"],
    deadline: 'soon',
  },
  DispenseTerms: { pharmacist: 'signer', content: 'hashed', salt: 'salt' },
  HoldPrescription: {
    prescription: 'page',
    step: 'counted',
    held: ['prescriptions/Prescribe.tsx', "held ? 'hold' : 'resume'"],
    deadline: 'soon',
  },
  CancelPrescription: { prescription: 'page', deadline: 'soon' },
  PassPrescription: {
    prescription: 'page',
    step: 'counted',
    holder: 'own',
    slip: 'own',
    deadline: 'soon',
  },
  Birth: { reporter: 'signer', handle: 'page', step: 'counted', deadline: 'soon' },
  BirthTerms: {
    record: 'hashed',
    content: ['vital/AttestVital.tsx', "say('vital.certificate-file'"],
    link: ['vital/AttestVital.tsx', "say('vital.report-mother'"],
    salt: 'salt',
  },
  Death: { reporter: 'signer', handle: 'page', step: 'counted', deadline: 'soon' },
  DeathTerms: {
    record: 'hashed',
    content: ['vital/AttestVital.tsx', "say('vital.certificate')"],
    at: ['vital/AttestVital.tsx', 'day(at)'],
    salt: 'salt',
  },
  BirthLink: {
    handle: 'signer',
    child: ['vital/PermitBirth.tsx', 'child?.name'],
    registrar: ['vital/PermitBirth.tsx', "who: registrar?.name ?? ''"],
    deadline: ['vital/PermitBirth.tsx', 'seconds(party.clock) + WITHIN'],
    salt: 'salt',
  },
  ConfirmVital: {
    what: ['vital/ConfirmReport.tsx', "say('vital.report-died'"],
    handle: ['vital/ConfirmReport.tsx', 'who'],
    step: 'counted',
    report: ['vital/ConfirmReport.tsx', 'terms.content'],
    confirmer: 'signer',
    deadline: 'soon',
  },
  UndoVital: {
    what: [UNDO, '`vital.agree-words-${what}`'],
    handle: [UNDO, 'visibleText(patient)'],
    step: [UNDO, "say('vital.undone-report', { report, step })"],
    report: [UNDO, "say('vital.undone-report', { report, step })"],
    first: [UNDO, 'nameOf(first)'],
    second: [UNDO, 'nameOf(second)'],
    deadline: [UNDO, 'moment(deadline)'],
  },
  UndoTerms: {
    content: [UNDO, "say('vital.evidence-content', { content: terms.content })"],
    reason: [UNDO, 'visibleText(terms.reason)'],
    salt: 'salt',
  },
  ObjectToVital: {
    what: ['vital/OwnLife.tsx', '`vital.own-${what}-${stage}`'],
    handle: 'signer',
    step: 'counted',
    report: 'page',
    deadline: 'soon',
  },
  Will: { handle: 'signer', number: 'counted', deadline: 'soon' },
  WillTerms: {
    grants: ['vital/OwnWill.tsx', '{termsOf(grant)}'],
    lasts: ['vital/OwnWill.tsx', 'years: whole ?? 0'],
    salt: 'salt',
  },
  InsuranceClaim: {
    // The accounts follow from the parties that the terms name.
    claimant: 'hashed',
    insurer: [PLACE, 'nameOf(message.insurer)'],
    payee: 'hashed',
    amount: [PLACE, 'amount(message.amount)'],
    total: [PLACE, 'amount(message.total)'],
    treatment: 'hashed',
    follows: [PLACE, 'digest: message.follows'],
    authorisation: [PLACE, 'digest: message.authorisation'],
    lotHash: 'hashed',
    deadline: 'soon',
  },
  InsuranceClaimTerms: {
    handle: 'page',
    claimant: 'signer',
    payee: [PLACE, 'nameOf(message.terms.payee)'],
    coverage: 'hashed',
    entry: 'hashed',
    records: [PLACE, 'message.terms.records.length'],
    bill: 'hashed',
    content: 'hashed',
    salt: 'salt',
  },
  Bill: {
    treatment: ['claims/ClaimBill.tsx', 'treatment: inWords(treatment)'],
    total: ['claims/SignBill.tsx', "say('claims.you-bill', said)"],
    salt: 'salt',
  },
  ClaimDecision: {
    claim: 'page',
    step: 'counted',
    outcome: [DECIDE, '`claims.you-${outcome}`'],
    amount: [DECIDE, 'amountSaid(amount'],
    until: [DECIDE, 'day(until)'],
    lotHash: 'hashed',
    deadline: 'soon',
  },
  ClaimDecisionTerms: {
    reason: [DECIDE, '`claims.reason-${reason}`'],
    content: [DECIDE, "say('claims.note'"],
    salt: 'salt',
  },
  ClaimSupplement: { claim: 'page', step: 'counted', deadline: 'soon' },
  ClaimSupplementTerms: {
    records: ['claims/SendAnswer.tsx', 'given.records.map((record) => `• ${inWords(record)}`)'],
    content: 'hashed',
    salt: 'salt',
  },
  WithdrawClaim: { claim: 'page', step: 'counted', deadline: 'soon' },
  DisputeClaim: {
    claim: 'page',
    step: 'counted',
    party: 'signer',
    lot: ['claims/Dispute.tsx', "say('claims.you-open-lot')"],
    deadline: 'soon',
  },
  DisputeClaimTerms: { reason: ['claims/Dispute.tsx', 'reason: reason.trim()'], salt: 'salt' },
  ClaimJudgement: {
    claim: 'page',
    step: 'counted',
    verifier: 'signer',
    safe: ['claims/Disputes.tsx', "examined.safe ? 'claims.you-safe' : 'claims.you-not-safe'"],
    drawn: ['claims/Disputes.tsx', 'drawn: examined.drawn'],
    deadline: 'soon',
  },
  ClaimJudgementTerms: {
    log: [
      'claims/Disputes.tsx',
      "say('claims.found', { log: examined.log, block: examined.block })",
    ],
    block: [
      'claims/Disputes.tsx',
      "say('claims.found', { log: examined.log, block: examined.block })",
    ],
    reason: ['claims/Disputes.tsx', 'visibleText(examined.reason)'],
    salt: 'salt',
  },
  RedeemUnits: {
    holder: 'signer',
    organisation: ['claims/GiveUnitsBack.tsx', 'organisation, amount: amountSaid(units)'],
    amount: ['claims/GiveUnitsBack.tsx', 'organisation, amount: amountSaid(units)'],
    number: 'counted',
    deadline: 'soon',
  },
  Mandate: {
    handle: ['family/OfferMandate.tsx', "say('family.you-act', { who: patient?.name"],
    key: 'own',
    powers: ['family/useMandateInWords.ts', "hasPower({ powers }, 'appoint')"],
    until: 'hashed',
    deadline: 'soon',
  },
  MandateTerms: {
    representative: ['family/GiveMandate.tsx', "say('family.acts', { who })"],
    recipient: 'own',
    reason: ['family/useMandateInWords.ts', 'visibleText(terms.reason)'],
    audit: ['family/useMandateInWords.ts', 'terms.audit'],
    until: ['family/useMandateInWords.ts', 'moment(terms.until)'],
    salt: 'salt',
  },
  EndMandate: {
    handle: 'signer',
    key: ['family/ActForMe.tsx', "say('family.end-closes', { who: whoOf(ending) })"],
    deadline: 'soon',
  },
};

/** Structs that no screen has a person agree to word by word, each with whoever signs it. */
const OTHERS = {
  // Each is one act on its page, which says what it does; the device fills in hashes, numbers and the place.
  device:
    'Write View KeptView ViewSet Ask Erase Revoke End CommitEpochs Application Upload Letter Collect FindRights Notify Keep KeyChange',
  services:
    'Verdict Checkpoint Attestation NewestState Tally Erased ShareRelease ShareDeal Advance PrescriptionCheck ClaimCheck PeerCall Enrolment',
  // The command says them; the portal has no screen for them.
  organisations:
    'Suspension Recovery Veto OfficeChange StakeChange KeyReplacement KeyRemoval NetworkChange IssueUnits',
};

describe('what a person signs', () => {
  // @class a field that is signed and not shown | is added to a struct, or lost from a screen
  it('is known for each struct: a person reads its words, or a device, service or organisation signs it', () => {
    const known = [
      ...Object.keys(SIGNED),
      ...Object.values(OTHERS).flatMap((names) => names.split(' ')),
    ];
    assert.deepEqual(known.toSorted(), Object.keys(requestTypes).toSorted());
  });

  for (const [struct, rows] of Object.entries(SIGNED)) {
    // @actor whoever hands over an undoing, or a claim's file | has another report, evidence, payee or authorisation signed unseen
    it(`as ${struct} is on the screen that signs it, field by field, or follows from what is`, async () => {
      const fields = requestTypes[struct as keyof typeof requestTypes];
      const names = fields.filter(({ type }) => !Object.hasOwn(requestTypes, type));
      assert.deepEqual(Object.keys(rows).toSorted(), names.map(({ name }) => name).toSorted());
      for (const [field, row] of Object.entries(rows)) {
        if (typeof row === 'string') {
          assert.ok(Object.hasOwn(UNSAID, row), field);
          continue;
        }
        const [screen, source] = row;
        const text = await readFile(new URL(screen, import.meta.url), 'utf8');
        assert.ok(text.includes(source), `${struct}.${field}: ${source} in ${screen}`);
      }
    });
  }

  it('as the right of a device is the right that is shown: its holder, what it covers, the device and its dates', async () => {
    const text = await readFile(new URL('readings/BindDevice.tsx', import.meta.url), 'utf8');
    for (const source of [
      'const right = asked && rightOfDevice(party, asked);',
      'wanted={asked && [asked]}',
      'bind(party, reviewed)',
      'visibleText(gateway.name)',
      'inWords({',
      "say('readings.bind-device', { code: short, device: right.record })",
      "say('readings.bind-from')",
    ]) {
      assert.ok(text.includes(source), source);
    }
  });
});
