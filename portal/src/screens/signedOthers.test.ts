import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { requestTypes } from '../../../src/protocol/struct/requestTypes.ts';
import { NOBODY } from '../session/Others.ts';

/** Reasons for which an address that a person signs names nobody else. */
const UNNAMED = {
  signer: 'the person who signs',
  key: 'a key that the device makes for this alone',
  account: 'an account of units for this alone; the terms name the party',
  unsigned: 'no sheet of the portal signs it',
} as const;

type Row = keyof typeof UNNAMED | readonly [screen: string, source: string];

const CLAIM = 'claims/PlaceClaim.tsx';

/** Each field of a signed struct that is an address or a chart: the sheet whose others hold it, or why it names nobody else. */
const NAMED: Readonly<Record<string, Row>> = {
  'Grant.handle': 'signer',
  'Terms.grantee': ['share/Share.tsx', 'to: [who.address]'],
  'AccessRequest.handle': ['patients/AskAccess.tsx', 'charts: [handle]'],
  'Revoke.handle': 'signer',
  'End.handle': 'signer',
  'Prescription.prescriber': ['prescriptions/SecondDoctor.tsx', 'to: [prescriber]'],
  'Prescription.second': ['prescriptions/SignOrder.tsx', '[order.second]'],
  'Prescription.holder': 'key',
  'Prescription.slip': 'key',
  'PrescriptionTerms.handle': ['prescriptions/SignOrder.tsx', 'charts: [order.handle]'],
  'DispenseTerms.pharmacist': 'signer',
  'PassPrescription.holder': 'key',
  'PassPrescription.slip': 'key',
  'Birth.reporter': ['vital/ConfirmReport.tsx', 'reporter'],
  'Birth.handle': ['vital/AttestVital.tsx', 'charts: [handle]'],
  'Death.reporter': ['vital/ConfirmReport.tsx', 'reporter'],
  'Death.handle': ['vital/AttestVital.tsx', 'charts: [handle]'],
  'BirthLink.handle': 'signer',
  'BirthLink.registrar': ['vital/PermitBirth.tsx', 'to: [registrar.address]'],
  'ConfirmVital.handle': ['vital/ConfirmReport.tsx', 'charts: [handle]'],
  'ConfirmVital.confirmer': 'signer',
  'UndoVital.handle': ['vital/UndoVital.tsx', 'charts: [shown.handle]'],
  'UndoVital.first': ['vital/UndoVital.tsx', 'about: [first]'],
  'UndoVital.second': ['vital/UndoVital.tsx', 'to: [shown.second]'],
  'ObjectToVital.handle': 'signer',
  'Will.handle': 'signer',
  'InsuranceClaim.claimant': 'account',
  'InsuranceClaim.insurer': [CLAIM, 'to: [message.insurer]'],
  'InsuranceClaim.payee': 'account',
  'InsuranceClaimTerms.handle': [CLAIM, 'charts: [message.terms.handle]'],
  'InsuranceClaimTerms.claimant': ['claims/DecideClaim.tsx', 'message.terms.claimant'],
  'InsuranceClaimTerms.payee': [CLAIM, 'about: [message.terms.payee]'],
  'DisputeClaim.party': 'signer',
  'ClaimJudgement.verifier': 'signer',
  'RedeemUnits.holder': 'signer',
  'Mandate.handle': ['family/OfferMandate.tsx', 'charts: [patient.handle]'],
  'Mandate.key': 'key',
  'MandateTerms.representative': ['family/GiveMandate.tsx', 'to: [found.value.mandate.terms'],
  'EndMandate.handle': ['family/IActFor.tsx', 'charts: [ending.mandate.handle]'],
  'EndMandate.key': ['family/ActForMe.tsx', 'about: [ending.opening.terms.representative]'],
  ...Object.fromEntries(
    [
      'CommitEpochs.handle Write.handle Write.begunBy View.handle KeptView.handle ViewSet.handle Ask.handle Erase.handle',
      'Application.party Enrolment.party Enrolment.handle NewestState.handle Tally.handle Erased.handle Letter.to Keep.handle',
      'Suspension.party KeyChange.party KeyChange.signer Recovery.party Recovery.signer Veto.party Advance.handle',
      'IssueUnits.account',
    ].flatMap((names) => names.split(' ').map((name) => [name, 'unsigned'] as const)),
  ),
};

const sheets = new Map(
  globSync('**/*.tsx', { cwd: import.meta.dirname }).map((path) => {
    const text = readFileSync(new URL(path, import.meta.url), 'utf8');
    return [path, { text, others: othersIn(text) }];
  }),
);

describe('the others on a sheet', () => {
  it('are known for each address and each chart in a signed struct', () => {
    const fields = Object.entries(requestTypes).flatMap(([struct, all]) =>
      all
        .filter(({ name, type }) => type === 'address' || name === 'handle')
        .map(({ name }) => `${struct}.${name}`),
    );
    assert.deepEqual(Object.keys(NAMED).toSorted(), fields.toSorted());
  });

  for (const [field, row] of Object.entries(NAMED)) {
    if (typeof row === 'string') continue;
    // @class a sheet without the other party | lets somebody sign for a person whose role nobody confirmed
    it(`hold ${field}`, () => {
      const [screen, source] = row;
      const { others = [] } = sheets.get(screen) ?? {};
      assert.ok(
        others.some((each) => each.includes(source)),
        `${source} in ${others.join(' ')}`,
      );
    });
  }

  it('stand on each sheet, or the reason for which it concerns nobody', () => {
    const drawn = [...sheets].flatMap(([path, { text, others }]) => {
      const count = [...text.matchAll(/<Sign(?:Sheet|Step)\n/g)].length;
      return path === 'claims/SignStep.tsx' || count === others.length ? [] : [path];
    });
    assert.deepEqual(drawn, []);
  });

  for (const reason of Object.keys(NOBODY)) {
    it(`are nobody on some sheet since: ${reason}`, () => {
      const all = [...sheets.values()].flatMap(({ others }) => others);
      assert.ok(all.some((each) => each.includes(reason)));
    });
  }
});

/** The `others` of each sheet in a source. */
function othersIn(text: string): readonly string[] {
  return [...text.matchAll(/ others=(?:"([^"]+)"|\{)/g)].map((found) => {
    if (found[1] !== undefined) return found[1];
    const from = found.index + found[0].length;
    let depth = 1;
    let to = from;
    while (depth > 0 && to < text.length) {
      if (text[to] === '{') depth += 1;
      if (text[to] === '}') depth -= 1;
      to += 1;
    }
    return text.slice(from, to - 1);
  });
}
