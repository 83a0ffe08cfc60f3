import type { Page } from 'playwright-core';
import chart from '../src/words/en/chart.json' with { type: 'json' };
import claims from '../src/words/en/claims.json' with { type: 'json' };
import family from '../src/words/en/family.json' with { type: 'json' };
import mistakes from '../src/words/en/mistakes.json' with { type: 'json' };
import records from '../src/words/en/records.json' with { type: 'json' };
import vital from '../src/words/en/vital.json' with { type: 'json' };
import { CLAIMED, NOTE_TITLE, ORDERED } from './draftStates.ts';
import type { Sight } from './sights.ts';
import { RECORDS, untilCounted } from './walkthrough.ts';

/** A form that keeps what is typed, and the way to it after `prepareDrafts`, the same for whoever comes back. */
export interface FormRow {
  /** File of the form, in the room of screens unless it names another one. */
  readonly source: string;
  readonly by: 'patient' | 'doctor' | 'pharmacist' | 'lab' | 'insurer';
  readonly way: readonly Sight[];
  /** Fields of it; the first text field of the screen if absent. */
  readonly fields?: readonly string[];
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
const AMENDING = 'main details details input[maxlength="500"]:visible';
const UNDOING = `main details[open]:has(> summary:text-is("${vital.undo}"))`;
const WRONG = `main .field:has-text("${mistakes.what}") textarea`;
const CLAIM = 'main a[href^="#/claims/"]';
const CHART_OPEN: readonly Sight[] = [
  { name: 'patients', path: '/patients' },
  { name: 'chart', reach: press('a.card', 'Ana Ferreira') },
];
const CHART: readonly Sight[] = [...CHART_OPEN, { name: 'add', reach: press('.tabs a >> nth=5') }];
const OWN_RECORD: readonly Sight[] = [
  { name: 'records', path: '/records' },
  { name: 'record', reach: press(RECORDS, 'Progress note') },
];

/** All forms that keep a draft. */
export const FORMS: readonly FormRow[] = [
  { source: 'add/AddForm.tsx', by: 'patient', way: [{ name: 'add', path: '/add' }] },
  { source: 'card/CardForm.tsx', by: 'patient', way: [{ name: 'card', path: '/card' }] },
  {
    source: 'family/OfferMandate.tsx',
    by: 'patient',
    way: [{ name: 'family', path: '/family' }],
    fields: ['main input[maxlength="96"]'],
    reach: unlessBegun(`main .button:text-is("${family.offer}")`, 'main input[maxlength="96"]'),
  },
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
    fields: ['main input[type=checkbox]'],
    reach: unlessBegun('.people .button', 'main input[type=checkbox]'),
  },
  {
    source: 'claims/MakeClaim.tsx',
    by: 'patient',
    way: [{ name: 'claim', path: '/claims/new' }],
    fields: ['main select'],
  },
  {
    source: 'records/ObjectToRecord.tsx',
    by: 'patient',
    way: OWN_RECORD,
    fields: ['main section textarea'],
    reach: unlessBegun(`main .button:text-is("${records.object}")`, 'main section textarea'),
  },
  {
    source: 'messages/ReportMistake.tsx',
    by: 'patient',
    way: OWN_RECORD,
    fields: [WRONG],
    reach: unlessBegun(`main .button:text-is("${mistakes.wrong}")`, WRONG),
  },
  {
    source: 'messages/AskAboutRight.tsx',
    by: 'patient',
    way: [{ name: 'rights', path: '/rights' }],
    fields: ['main li.card textarea'],
    reach: unlessBegun(`main .button:text-is("${mistakes.why}")`, 'main li.card textarea'),
  },
  {
    source: 'messages/Corrections.tsx',
    by: 'doctor',
    way: [...CHART_OPEN, { name: 'all', reach: press('.tabs a >> nth=4') }],
    fields: ['main li textarea'],
    async reach(page) {
      await untilCounted(page);
      await unlessBegun(`main .button:text-is("${mistakes.refuse}")`, 'main li textarea')(page);
    },
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
    fields: ['main input[type=checkbox]'],
    reach: press('main .people a', 'Ana Ferreira'),
  },
  {
    source: 'prescriptions/Dispensary.tsx',
    by: 'pharmacist',
    way: [{ name: 'dispense', path: '/dispense' }],
    fields: ['main input[inputmode=numeric]'],
    async reach(page, slip) {
      await page.locator('main textarea').fill(slip);
      await page.locator('main .button.main').first().click();
    },
  },
  {
    source: 'chart/AmendRecord.tsx',
    by: 'doctor',
    way: [...CHART_OPEN, { name: 'all', reach: press('.tabs a >> nth=4') }],
    fields: [AMENDING],
    async reach(page) {
      await untilCounted(page);
      await page.locator(`main summary:has(> strong:text-is("${NOTE_TITLE}"))`).click();
      await unlessBegun(`main summary:text-is("${chart.amend}")`, AMENDING)(page);
    },
  },
  {
    source: 'chart/CorrectNote.tsx',
    by: 'doctor',
    way: [...CHART_OPEN, { name: 'documents', reach: press('.tabs a >> nth=2') }],
    async reach(page) {
      await untilCounted(page);
      await page.locator(`main button[aria-label$="${NOTE_TITLE}"]`).first().click();
      await unlessBegun(`main .button:text-is("${chart.correct}")`, TEXT)(page);
    },
  },
  {
    source: 'claims/DecideClaim.tsx',
    by: 'insurer',
    way: [{ name: 'claims', path: '/claims' }],
    fields: ['main section input[inputmode=decimal]', 'main section input[maxlength="500"]'],
    reach: press('main button', CLAIMED.open),
  },
  {
    source: 'claims/AnswerClaim.tsx',
    by: 'patient',
    way: [{ name: 'claims', path: '/claims' }],
    fields: ['main section input[type=checkbox]'],
    reach: press(CLAIM, CLAIMED.asked),
  },
  {
    source: 'claims/Dispute.tsx',
    by: 'patient',
    way: [
      { name: 'claims', path: '/claims' },
      { name: 'claim', reach: press(CLAIM, CLAIMED.denied) },
    ],
    fields: [`${TEXT}:visible`],
    reach: unlessBegun(`main summary:text-is("${claims.dispute}")`, `${TEXT}:visible`),
  },
  {
    source: 'mistakes/Mistakes.tsx',
    by: 'doctor',
    way: [{ name: 'mistakes', path: '/mistakes' }],
  },
  {
    source: 'orders/AnswerOrder.tsx',
    by: 'lab',
    way: [{ name: 'todo', path: '/todo' }],
    fields: ['main form textarea'],
    reach: press('main a[href^="#/orders/"]', ORDERED),
  },
  {
    source: 'vital/UndoVital.tsx',
    by: 'doctor',
    way: [
      { name: 'vital', path: '/vital' },
      { name: 'vital-form', reach: press('main .choice', 'Teodor Lindqvist') },
    ],
    fields: [`${UNDOING} input:not([type])`, `${UNDOING} select`],
    reach: unlessBegun(`main summary:text-is("${vital.undo}")`, `${UNDOING} select`),
  },
];
