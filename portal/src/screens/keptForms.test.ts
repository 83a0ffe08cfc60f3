import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';

const SRC = join(import.meta.dirname, '..');
/** Elements that a form is made of. */
const FORM =
  /<(?:form|textarea|input|TextField|ChooseTerms|ChooseUntil|Choices|ChoosePeople|ChoosePerson|select|SelectField)\b/;

/** Reasons for which a form has no draft. */
const WHY = {
  secret: 'a secret, which is nowhere but in the field',
  field: 'a part of other forms, which keep what is typed in it',
  search: 'a search or a filter of what is on the screen',
  short: 'pasted or chosen in one step, with a short name, a number or a day at most',
  afresh: 'an answer to what was just checked or shown, which must be given again',
  outside:
    'before a session, or at the operator’s page: there is no person whose key could seal it',
} as const;

/** Forms without a draft, each with the reason. */
const WITHOUT: Readonly<Record<string, keyof typeof WHY>> = {
  'screens/chart/AllRecords.tsx': 'search',
  'screens/claims/BillLines.tsx': 'field',
  'screens/claims/ChoosePerson.tsx': 'field',
  'screens/claims/ClaimBill.tsx': 'field',
  'screens/claims/ClaimWho.tsx': 'field',
  'screens/claims/FurtherRecords.tsx': 'field',
  'screens/claims/GiveUnitsBack.tsx': 'short',
  'screens/enter/NewKey.tsx': 'secret',
  'screens/enter/Passphrase.tsx': 'secret',
  'screens/enter/Unlock.tsx': 'secret',
  'screens/enter/WordsIn.tsx': 'secret',
  'screens/evidence/EvidenceFilters.tsx': 'search',
  'screens/exchange/ReadConsent.tsx': 'short',
  'screens/explorer/SearchLedger.tsx': 'search',
  'screens/kept/KeepOnDevice.tsx': 'short',
  'screens/kept/KeptOffline.tsx': 'secret',
  'screens/find/Find.tsx': 'search',
  'screens/forms/FormFields.tsx': 'field',
  'screens/keys/AskPassphrase.tsx': 'secret',
  'screens/keys/ChangePassphrase.tsx': 'secret',
  'screens/me/Device.tsx': 'short',
  'screens/me/EraseRecords.tsx': 'short',
  'screens/me/Me.tsx': 'short',
  'messages/MistakeWords.tsx': 'field',
  'operate/Applications.tsx': 'outside',
  'operate/DeclineApplication.tsx': 'outside',
  'operate/OperatorDesk.tsx': 'secret',
  'operate/Suspensions.tsx': 'outside',
  'screens/prescriptions/AlsoAllow.tsx': 'short',
  'screens/prescriptions/ChoosePeople.tsx': 'field',
  'screens/prescriptions/ShowWhom.tsx': 'short',
  'screens/prescriptions/SignOrder.tsx': 'afresh',
  'screens/prescriptions/TakeHanded.tsx': 'short',
  'screens/readings/BindDevice.tsx': 'short',
  'screens/readings/NameDevice.tsx': 'short',
  'screens/readings/Readings.tsx': 'search',
  'screens/records/Records.tsx': 'search',
  'screens/rules/RuleForm.tsx': 'field',
  'screens/share/ChooseTerms.tsx': 'field',
  'screens/share/ChooseUntil.tsx': 'field',
  'screens/share/ChooseWhy.tsx': 'field',
  'screens/vital/AttestVital.tsx': 'short',
  'screens/vital/OwnWill.tsx': 'short',
  'screens/vital/PermitBirth.tsx': 'short',
  'screens/vital/AnyLife.tsx': 'short',
  'ui/AddPerson.tsx': 'short',
  'ui/Choices.tsx': 'field',
  'ui/DropFiles.tsx': 'field',
  'ui/FileField.tsx': 'field',
  'ui/LanguageChoice.tsx': 'short',
  'ui/Qr.tsx': 'field',
  'ui/SelectField.tsx': 'field',
  'ui/TextField.tsx': 'field',
  'ui/useSure.tsx': 'afresh',
  'ui/useWordsAsked.tsx': 'secret',
};

/** Screens whose file field belongs to another form than the draft. */
const FILE_BESIDE = new Set(['screens/prescriptions/Dispensary.tsx']);

/** Screens with a draft whose file field stands in a step of its own. */
const FILE_IN_STEP: Readonly<Record<string, string>> = {
  'screens/claims/MakeClaim.tsx': 'screens/claims/ClaimBill.tsx',
};

const THREAD = 'messages/MistakeThread.tsx';

/** Files that have a form, with their text. */
const forms = globSync('{messages,operate,screens,ui}/**/*.tsx', { cwd: SRC })
  .map((path) => path.replaceAll('\\', '/'))
  .map((path) => ({ path, text: readFileSync(join(SRC, path), 'utf8') }))
  .filter(({ text }) => FORM.test(text));

/** The text of the file that ends a form's draft: its own, or that of the messages that it stands below. */
const endOf = (text: string): string =>
  text.includes('<MistakeThread') ? readFileSync(join(SRC, THREAD), 'utf8') : text;

const keeps = (text: string): boolean => /\buse(?:Record)?Draft\b(?:<[^(]*>)?\(/.test(text);

describe('the forms of the portal', () => {
  it('keep a draft, or are listed with the reason why not', () => {
    const without = forms.filter(({ text }) => !keeps(text)).map(({ path }) => path);
    assert.deepEqual(without.toSorted(), Object.keys(WITHOUT).toSorted());
  });

  it('that keep a draft say so, where it is dropped and until when, and end it', () => {
    const drafts = globSync('{messages,operate,screens,ui}/**/*.tsx', { cwd: SRC })
      .map((path) => ({ path, text: readFileSync(join(SRC, path), 'utf8') }))
      .filter(({ text }) => keeps(text));
    for (const { path, text } of drafts) {
      assert.match(endOf(text), /\bdraft\.drop\b/, path);
      assert.match(text, /<KeptDraft draft=\{draft\}|\bdraft=\{draft\}/, path);
      if (FILE_BESIDE.has(path)) continue;
      const file = readFileSync(join(SRC, FILE_IN_STEP[path] ?? path), 'utf8');
      assert.equal(/<FileField/.test(file), /<KeptDraft [^>]*hasFile/.test(text), path);
    }
  });

  // @class a passphrase or words typed in a form are kept with its draft | no form of a secret has one
  it('never keep a field of a secret', () => {
    for (const { path, text } of forms) {
      if (!/type="password"|useWordsAsked\(|\bphraseToSeed\(|\bpassphrase\b/.test(text)) continue;
      assert.ok(!keeps(text), path);
    }
  });
});
