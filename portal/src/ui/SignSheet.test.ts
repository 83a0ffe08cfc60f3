import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';

const ROOT = join(import.meta.dirname, '..');
/** Acts that a person takes by a sheet alone: what each signs is on it. */
const BY_SHEET = [
  ['access', 'grantRight revokeRight requestAccess approveAccess addRule removeRule extendRight'],
  ['prescriptions', 'issuePrescription signPrescription signBeside placePrescription'],
  ['prescriptions', 'holdPrescription cancelPrescription dispense'],
  ['devices', 'bindDevice endDevice'],
  ['births and deaths', 'permitBirthLink confirmVital undoVital registerBirth reportDeath setWill'],
  ['claims', 'submitClaim prepareClaim decideClaim supplementClaim withdrawClaim endClaimRights'],
  ['claims', 'disputeClaim judgeClaim signBill signRedemption permitClaim agreeToBill'],
  ['claims', 'explainClaim'],
  ['orders', 'answerOrder signOffOrder'],
  ['erasure', 'eraseCategory'],
  ['mandates', 'offerMandate giveMandate endMandate resignMandate'],
].flatMap(([, names = '']) => names.split(' '));
/** Other acts that sign, each with where it is called and why no sheet is before it. */
const OTHERWISE: readonly (readonly [act: string, where: string, why: string])[] = [
  ['requestAccess', 'screens/patients/AskedActs.tsx', 'the same request again, from its card'],
  ['withdrawRequest', 'screens/patients/AskedActs.tsx', 'asks for less'],
  ['declineAccess', 'screens/requests/AccessRequests.tsx', 'gives nothing'],
  ['acceptRecipient', 'screens/requests/AccessRequests.tsx', 'its words are compared on the card'],
  ['passPrescription', 'screens/prescriptions/OwnPrescriptions.tsx', 'a new code for the old one'],
  ['addDispenses', 'screens/prescriptions/OwnPrescriptions.tsx', 'the device reads what came'],
  ['objectToVital', 'screens/vital/OwnLife.tsx', 'a person who lives says so in one press'],
  ['drawVerifiers', 'screens/claims/ClaimActs.tsx', 'nothing is signed, the lot is due'],
  ['lapseClaim', 'screens/claims/ClaimActs.tsx', 'nothing is signed, the term is over'],
  ['reportMistake', 'messages/ReportMistake.tsx', 'the typed words are all of it'],
  ['reportMistake', 'messages/MistakeCard.tsx', 'the same report again'],
  ['askAboutRight', 'messages/AskAboutRight.tsx', 'the typed words and day are all of it'],
  ['askAboutRight', 'messages/MistakeCard.tsx', 'the same message again'],
  [
    'tellOrder',
    'screens/forms/FillForm.tsx',
    'the sheet of the order, of which this is the letter',
  ],
  ['tellUnreadable', 'screens/orders/UnreadOrder.tsx', 'says that there is no access, of nobody'],
  ['answerMistake', 'screens/mistakes/Mistakes.tsx', 'the typed words are all of it'],
  ['sendAnswer', 'messages/MistakeCard.tsx', 'the same answer again'],
  ['objectToRecord', 'screens/records/ObjectToRecord.tsx', 'the typed words are all of it'],
  ['answerObjection', 'messages/Corrections.tsx', 'the typed words are all of it'],
  ['disagreeWithAnswer', 'messages/Corrections.tsx', 'the typed words are all of it'],
  ['addAmendment', 'screens/chart/CorrectNote.tsx', 'the typed words are all of it'],
  ['addAmendment', 'session/amendFhir.ts', 'the chosen file is all of it'],
  ['addDocument', 'session/addFile.ts', 'the chosen file is all of it'],
  ['addBundle', 'session/addFhir.ts', 'the chosen file is all of it'],
  ['eraseKeys', 'session/eraseCategory.ts', 'its screen has the sheet'],
  ['changeKey', 'session/changeKept.ts', 'its steps are screens of their own'],
  ['enrol', 'session/enterNetwork.ts', 'a new person chooses role and organisation'],
];

/** Texts of the portal's sources, without tests, imports and comments. */
const sources = new Map(
  globSync('**/*.{ts,tsx}', { cwd: ROOT, exclude: ['**/*.test.ts'] }).map((path) => {
    const text = readFileSync(join(ROOT, path), 'utf8');
    const code = text.replaceAll(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, '');
    return [path, code.replaceAll(/^(?:import|export) [^;]*? from '[^']+';/gm, '')];
  }),
);

describe('what signs in the portal', () => {
  for (const act of new Set(BY_SHEET)) {
    // @class an act that signs without words | no screen calls it but by what a sheet has shown
    it(`is only called by what a sheet has shown: ${act}`, () => {
      let uses = 0;
      for (const [path, code] of sources) {
        if (OTHERWISE.some(([name, where]) => name === act && where === path)) continue;
        const reviewed = insideOf(code, 'afterReview(');
        const used = placesOf(code, act).filter((at) => !isDeclared(code, at));
        uses += used.length;
        for (const at of used) {
          const isInside = reviewed.some(([from, to]) => at > from && at < to);
          assert.ok(isInside, `${path}: ${code.slice(Math.max(0, at - 40), at + 60)}`);
        }
      }
      assert.ok(uses > 0, 'no screen calls it any more');
    });
  }

  for (const act of new Set(OTHERWISE.map(([name]) => name))) {
    const rows = OTHERWISE.filter(([name]) => name === act);
    it(`is called without a sheet where it may be: ${act}, since ${rows.map(([, , why]) => why).join('; ')}`, () => {
      const callers = [...sources].filter(([, code]) => {
        const reviewed = insideOf(code, 'afterReview(');
        return placesOf(code, act).some((at) => {
          return !isDeclared(code, at) && !reviewed.some(([from, to]) => at > from && at < to);
        });
      });
      const found = callers.map(([path]) => path).toSorted();
      assert.deepEqual(found, rows.map(([, where]) => where).toSorted());
    });
  }

  it('is said to be reviewed by a sheet alone', () => {
    const callers = [...sources].filter(([, code]) => placesOf(code, 'reviewedNow').length > 0);
    const paths = callers.map(([path]) => path).toSorted();
    assert.deepEqual(paths, ['session/Reviewed.ts', 'ui/SignSheet.tsx']);
  });
});

/** Places at which a name is called or given on. */
function placesOf(code: string, name: string): readonly number[] {
  return [...code.matchAll(new RegExp(`(?<![\\w.'/-])${name}(?=[(,)])`, 'g'))].map(
    ({ index }) => index,
  );
}

function isDeclared(code: string, at: number): boolean {
  return /function\s+$/.test(code.slice(Math.max(0, at - 20), at));
}

/** From where to where the arguments of each call of a function stand. */
function insideOf(code: string, opening: string): readonly (readonly [number, number])[] {
  const spans: (readonly [number, number])[] = [];
  for (let from = code.indexOf(opening); from >= 0; from = code.indexOf(opening, from + 1)) {
    let depth = 0;
    let to = from + opening.length - 1;
    do {
      if (code[to] === '(') depth += 1;
      if (code[to] === ')') depth -= 1;
      to += 1;
    } while (depth > 0 && to < code.length);
    spans.push([from, to]);
  }
  return spans;
}
