import type { Page } from 'playwright-core';
import records from '../src/words/en/records.json' with { type: 'json' };
import type { Sight } from './sights.ts';
import { RECORDS } from './walkthrough.ts';

/** A form that keeps what is typed, and the way to it in the demonstration, the same for whoever comes back. */
export interface FormRow {
  readonly source: string;
  readonly by: 'patient' | 'doctor' | 'pharmacist';
  readonly way: readonly Sight[];
  /** Its field; the first text field of the screen if absent. */
  readonly field?: string;
  /** Goes on from the way, given what a patient showed. */
  readonly reach?: (page: Page, slip: string) => Promise<void>;
}

/** Presses something that a form which is begun already no longer shows. */
const unlessBegun = (selector: string, field: string) => async (page: Page) => {
  await page.locator(selector).or(page.locator(field)).first().waitFor();
  if ((await page.locator(field).count()) === 0) await page.locator(selector).first().click();
};
const press = (selector: string, hasText?: string) => async (page: Page) => {
  await page
    .locator(selector, hasText === undefined ? {} : { hasText })
    .first()
    .click();
};
/** The text fields of a screen. */
export const TEXT = 'main :is(textarea, input:not([type]), input[type=text])';
const CHART: readonly Sight[] = [
  { name: 'patients', path: '/patients' },
  { name: 'chart', reach: press('a.card', 'Ana Ferreira') },
  { name: 'add', reach: press('.tabs a >> nth=5') },
];
const OWN_RECORD: readonly Sight[] = [
  { name: 'records', path: '/records' },
  { name: 'record', reach: press(RECORDS, 'Progress note') },
];

/** The forms that somebody reaches in the demonstration as it is. */
export const FORMS: readonly FormRow[] = [
  { source: 'add/AddForm.tsx', by: 'patient', way: [{ name: 'add', path: '/add' }] },
  { source: 'card/CardForm.tsx', by: 'patient', way: [{ name: 'card', path: '/card' }] },
  {
    source: 'rules/Rules.tsx',
    by: 'patient',
    way: [{ name: 'rules', path: '/rules' }],
    reach: unlessBegun('main .button.main', TEXT),
  },
  {
    source: 'share/Share.tsx',
    by: 'patient',
    way: [{ name: 'share', path: '/share' }],
    field: 'main input[type=checkbox]',
    reach: unlessBegun('.people .button', 'main input[type=checkbox]'),
  },
  {
    source: 'claims/MakeClaim.tsx',
    by: 'patient',
    way: [{ name: 'claim', path: '/claims/new' }],
    field: 'main select',
  },
  {
    source: 'records/ObjectToRecord.tsx',
    by: 'patient',
    way: OWN_RECORD,
    field: 'main section textarea',
    reach: unlessBegun(`main .button:text-is("${records.object}")`, 'main section textarea'),
  },
  {
    source: 'forms/FillForm.tsx',
    by: 'doctor',
    way: CHART,
    reach: press('main .filter >> nth=1'),
  },
  {
    source: 'prescriptions/Prescribe.tsx',
    by: 'doctor',
    way: CHART,
    reach: press('main a[href*="/prescribe/"]'),
  },
  {
    source: 'patients/AskAccess.tsx',
    by: 'doctor',
    way: [{ name: 'ask', path: '/ask' }],
    field: 'main input[type=checkbox]',
    reach: press('main .people a', 'Ana Ferreira'),
  },
  {
    source: 'prescriptions/Dispensary.tsx',
    by: 'pharmacist',
    way: [{ name: 'dispense', path: '/dispense' }],
    field: 'main input[inputmode=numeric]',
    async reach(page, slip) {
      await page.locator('main textarea').fill(slip);
      await page.locator('main .button.main').first().click();
    },
  },
];

/** Other forms that keep a draft, each with what must have happened before somebody can type in it. */
export const NEEDS_MORE: Readonly<Record<string, string>> = {
  'chart/AmendRecord.tsx': 'a record that was opened in the chart',
  'chart/CorrectNote.tsx': 'a note that was opened in the chart',
  'claims/AnswerClaim.tsx': 'a claim of which the insurer wants more',
  'claims/DecideClaim.tsx': 'a claim that waits for the insurer',
  'claims/Dispute.tsx': 'a claim that was decided',
  'mistakes/Mistakes.tsx': 'a message about a record',
  'orders/AnswerOrder.tsx': 'an order for the laboratory',
  'vital/UndoVital.tsx': 'a birth or a death that was confirmed',
};
