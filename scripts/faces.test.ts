import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { isTestFile } from './rooms.ts';

const root = new URL('..', import.meta.url);

/** Ways to the resources of a record as its author wrote them. */
const WRITTEN = /\b(?:partIn|partOfRecord|decodePart|reassembleBundle|reassembleSet)\(/;
/** Ways to the resources as they stand now. */
const EFFECTIVE = /\b(?:effectivePart|openedEntries)\(/;
/** Files that need what an author wrote, and what for. */
const NEEDED: Readonly<Record<string, string>> = {
  'portal/src/session/amendFhir.ts': 'an amendment begins with what was written',
  'portal/src/session/partOfRecord.ts': 'it parses, and those who call it show',
  'demo/parties/amendPlan.ts': 'an amendment',
  'src/cli/archive/verifyOrigin.ts': 'the proof of what was written elsewhere',
  'src/cli/record/amendRecord.ts': 'an amendment',
  'src/cli/record/listKept.ts': 'which file a document names',
  'src/cli/record/listRecords.ts': 'titles, which have no state',
  'src/cli/record/planRecords.ts': 'what is about to be added',
  'src/client/archive/importedBefore.ts': 'where a part says that it comes from',
  'src/client/archive/planImport.ts':
    'the newest version of each record of an archive, to be written again',
  'src/client/archive/tailFiles.ts': 'the newest version of each record, as it was written',
  'src/client/care/claims/readClaims.ts': 'the papers that were signed, compared with the ledger',
  'src/client/care/orders/openParts.ts':
    'orders, reports and sign-offs, each in its newest version',
  'src/client/care/orders/tellAmended.ts': 'what the party itself amends',
  'src/client/care/prescriptions/issuePrescription.ts':
    'what a second doctor signs, which nobody changed',
  'src/client/care/prescriptions/readPrescriptions.ts': 'what was signed, listed with its facts',
  'src/client/records/incompleteSets.ts': 'which parts are missing',
  'src/client/records/readParts.ts': 'parts for an amendment and for `readBundle`',
  'src/client/records/readWhole.ts': 'parts for an amendment and for `readBundle`',
  'src/client/state/confirmPatient.ts': 'the name of a patient',
};

describe('resources of records, wherever people see them or get them', () => {
  // @class two places for one truth | a new face shows the status that an author wrote
  it('are shown as they stand now: who reads what an author wrote asks what became of it, or says what for', () => {
    const patterns = [
      'src/{cli,client}/**/*.ts',
      'demo/{parties,stage}/**/*.ts',
      'portal/src/**/*.{ts,tsx}',
    ];
    const found = globSync(patterns, { cwd: root })
      .filter((file) => !isTestFile(file))
      .map((file) => [file, codeIn(readFileSync(new URL(file, root), 'utf8'))] as const)
      .filter(([, source]) => WRITTEN.test(source) && !EFFECTIVE.test(source))
      .map(([file]) => file);
    assert.deepEqual(found.toSorted(), Object.keys(NEEDED).toSorted());
  });
});

/** Ways to the bytes of a record. */
const READ = /\b(?:readRecord|readRecords|streamRecord|readKept)\(/;
/** Ways to what the patient says against it; resources have it in themselves. */
const OBJECTED = /\b(?:effectivePart|openedEntries|openedFrom|openRecord|readObjections)\(/;
/** Files that need the bytes alone, and what for. */
const BYTES: Readonly<Record<string, string>> = {
  'portal/src/session/amendFhir.ts': 'an amendment',
  'src/cli/record/amendRecord.ts': 'an amendment',
  'src/cli/record/listKept.ts': 'which file a document names',
  'src/cli/record/listRecords.ts': 'titles; the rows say if the patient objects',
};

describe('records, wherever people see them', () => {
  // @class every face shows what the patient says beside what was written | shows a record without the objection to it
  it('stand beside what the patient says against them: who reads one asks for it, or says what for', () => {
    const found = globSync(['src/cli/**/*.ts', 'portal/src/**/*.{ts,tsx}'], { cwd: root })
      .filter((file) => !isTestFile(file) && !file.includes('/test/'))
      .map((file) => [file, codeIn(readFileSync(new URL(file, root), 'utf8'))] as const)
      .filter(([, source]) => READ.test(source) && !OBJECTED.test(source))
      .map(([file]) => file);
    assert.deepEqual(found.toSorted(), Object.keys(BYTES).toSorted());
  });
});

/** A file without its docstrings, whose examples are other people's code. */
function codeIn(source: string): string {
  return source.replaceAll(/\/\*\*[^]*?\*\//g, '');
}
