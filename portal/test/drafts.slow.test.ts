import assert from 'node:assert/strict';
import { globSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { addRecord, rightFor } from '../../src/client/index.ts';
import { browserMissing, openProfile } from '../../src/client/test/openBrowser.ts';
import { utf8ToBytes } from '../../src/crypto/bytes.ts';
import acts from '../src/words/en/acts.json' with { type: 'json' };
import add from '../src/words/en/add.json' with { type: 'json' };
import chart from '../src/words/en/chart.json' with { type: 'json' };
import common from '../src/words/en/common.json' with { type: 'json' };
import evidence from '../src/words/en/evidence.json' with { type: 'json' };
import records from '../src/words/en/records.json' with { type: 'json' };
import rules from '../src/words/en/rules.json' with { type: 'json' };
import { FORMS, TEXT } from './draftForms.ts';
import { prepareDrafts } from './draftStates.ts';
import { openDemoVisitor } from './demoVisitor.ts';
import { makeKey, PASSPHRASE } from './makeKey.ts';
import { becomePatient } from './peopleByCard.ts';
import { setStage } from './setStage.ts';
import { comeAs, reachSight, SEERS } from './sights.ts';
import { propsOfStories } from './stories/propsOfStories.ts';
import { untilWritten } from './untilWritten.ts';
import { enterAs, openScreen, untilSettled } from './walkthrough.ts';

const NOTE = 'My shoulder hurts since the fall on Tuesday.';
const TITLE = 'Shoulder of Mara';
const RULE = 'Rule of Mara';
const KEPT = /^Kept from/;
const SRC = join(import.meta.dirname, '../src');
/** A folder for pictures of the screens; absent if nobody wants them. */
const SHOTS = process.env['SHOTS'];

/** Types in a field, or chooses what differs from what is chosen. */
async function change(field: Locator): Promise<void> {
  const kind = await field.evaluate((each) => `${each.tagName} ${each.getAttribute('type') ?? ''}`);
  if (kind === 'INPUT checkbox') await field.setChecked(!(await field.isChecked()));
  else if (kind.startsWith('SELECT')) await field.selectOption({ index: 1 });
  else await field.fill('7');
}

const stateOf = async (field: Locator): Promise<string> =>
  await field.evaluate((each: HTMLInputElement) => `${each.value} ${each.checked}`);

const noteOf = async (page: Page): Promise<string> =>
  await page.getByLabel(add['or-note']).inputValue();

async function openAdd(page: Page): Promise<void> {
  await page.evaluate(() => (location.hash = '#/add'));
  await page.getByLabel(add['or-note']).waitFor();
}

async function type(page: Page, note = NOTE): Promise<void> {
  await openAdd(page);
  await page.getByLabel(add['or-note']).fill(note);
  await page.getByLabel(add.called).fill(TITLE);
}

async function lock(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Lock', exact: true }).first().click();
  await page.getByRole('button', { name: 'Mara', exact: true }).waitFor();
}

async function unlock(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Mara', exact: true }).click();
  await page.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
  await page.getByRole('button', { name: 'Open', exact: true }).click();
  await page.getByRole('button', { name: 'Lock', exact: true }).first().waitFor();
  await untilSettled(page);
}

async function shot(page: Page, name: string): Promise<void> {
  if (SHOTS === undefined) return;
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 900 });
    await page.screenshot({ path: join(SHOTS, `${name}-${width}.png`) });
  }
}

/** Names of the files below a folder in which one of these texts stands, as bytes of UTF-8 or UTF-16. */
function readable(folder: string, texts: readonly string[]): readonly string[] {
  const wanted = texts.flatMap((text) => [Buffer.from(text), Buffer.from(text, 'utf16le')]);
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  assert.ok(paths.length > 20);
  return paths.filter((path) => {
    const bytes = readFileSync(path);
    return wanted.some((text) => bytes.includes(text));
  });
}

describe('what a person typed and did not sign', { skip: browserMissing }, () => {
  const stage = setStage();

  it('is there again after other screens, a reload and the lock, can be dropped, and is gone once it is added', async () => {
    const visit = await stage.visit();
    const { page, complaints } = visit;
    await becomePatient(page, stage.url, 'Mara');
    await type(page);
    assert.equal(await page.getByText(KEPT).count(), 0, 'nothing was kept before');
    await openScreen(page, 'Records');
    await page.goBack();
    await page.getByText(KEPT).waitFor();
    assert.equal(await noteOf(page), NOTE);
    assert.equal(await page.getByText(common['draft-until-lock']).count(), 0);
    await page.getByText(common['draft-file']).waitFor();
    await shot(page, 'draft');

    await untilWritten(page);
    await page.reload();
    await unlock(page);
    await openAdd(page);
    await page.getByText(KEPT).waitFor();
    assert.equal(await noteOf(page), NOTE);
    assert.equal(await page.getByLabel(add.called).inputValue(), TITLE);

    // It is written at the lock, however short before it was typed.
    await page.getByLabel(add['or-note']).fill(`${NOTE} More.`);
    await lock(page);
    await unlock(page);
    await openAdd(page);
    assert.equal(await noteOf(page), `${NOTE} More.`);

    await page.getByRole('button', { name: add.add }).click();
    await page.getByText(`“${TITLE}” is among your records.`).waitFor({ timeout: 60_000 });
    assert.equal(await noteOf(page), '');
    await lock(page);
    await unlock(page);
    await openAdd(page);
    assert.equal(await noteOf(page), '');
    assert.equal(await page.getByText(KEPT).count(), 0);

    await type(page);
    await openScreen(page, 'Records');
    await openAdd(page);
    await page.getByRole('button', { name: common['draft-drop'] }).click();
    assert.equal(await noteOf(page), '');
    assert.equal(await page.getByText(KEPT).count(), 0);
    await lock(page);
    await unlock(page);
    await openAdd(page);
    assert.equal(await noteOf(page), '');
    assert.deepEqual(complaints, []);
    await visit.close();
  });

  it('is in both tabs, and does not come back from the other once it was added in one', async () => {
    const visit = await stage.visit();
    const { page } = visit;
    await becomePatient(page, stage.url, 'Mara');
    await type(page);
    await untilWritten(page);
    const other = await page.context().newPage();
    await other.goto(`${stage.url}/hospital/portal/`);
    await unlock(other);
    await openAdd(other);
    await other.getByText(KEPT).waitFor();
    await other.getByLabel(add['or-note']).fill(`${NOTE} More.`);
    await page.waitForFunction(() =>
      [...document.querySelectorAll('textarea')].some(({ value }) => value.endsWith('More.')),
    );
    await page.getByRole('button', { name: add.add }).click();
    await page.getByText(`“${TITLE}” is among your records.`).waitFor({ timeout: 60_000 });
    await other.waitForFunction(() =>
      [...document.querySelectorAll('textarea')].every(({ value }) => value === ''),
    );
    await lock(other);
    await unlock(page);
    await openAdd(page);
    assert.equal(await noteOf(page), '');
    await visit.close();
  });

  // @attack whoever takes a browser's folder reads what was typed and not signed | it is sealed with the person's key, and the browser restores no field of a form
  it('is in no file of the browser’s folder as it was typed, and not on the screens of the next person', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'medseal-drafts-'));
    const context = await openProfile(folder);
    const page = await context.newPage();
    await becomePatient(page, stage.url, 'Mara');
    await type(page);
    await page.evaluate(() => (location.hash = '#/rules'));
    await page.getByRole('button', { name: rules.new }).click();
    await page.getByLabel(rules.name).fill(RULE);
    await openScreen(page, 'Records');
    await page.goBack();
    await openAdd(page);
    await untilWritten(page);
    await lock(page);

    await makeKey(page, 'Noa');
    await page.getByRole('button', { name: 'Sign and apply' }).click();
    await page.getByText('Patient at hospital').waitFor({ timeout: 60_000 });
    await page.evaluate(() => (location.hash = '#/rules'));
    await page.getByRole('button', { name: rules.new }).click();
    assert.equal(await page.getByLabel(rules.name).inputValue(), '');
    await openAdd(page);
    assert.equal(await noteOf(page), '');
    await context.close();
    assert.deepEqual(readable(folder, [NOTE, TITLE, RULE]), []);
    await rm(folder, { recursive: true });
  });

  // @attack a note typed for one patient shows in the form of another | each draft is of one form and one chart
  it('for one patient is not in the form of another, and goes with the lock where the key is not kept', async () => {
    const visit = await stage.visit();
    const { page } = visit;
    await enterAs(page, stage.url, 'hospital', 'Dr. Lena Brandt');
    await openScreen(page, 'Patients');
    const cards = page.locator('a.card');
    await cards.first().waitFor();
    const paths = await cards.evaluateAll((each) =>
      each.map((card) => card.getAttribute('href') ?? ''),
    );
    const charts = paths.filter((path) => path.includes('/patients/')).slice(0, 2);
    assert.equal(charts.length, 2);
    const note = page.getByLabel(chart.note);
    const open = async (path: string): Promise<void> => {
      await page.evaluate((to) => (location.hash = to), `${path.replace(/\/$/, '')}/add`);
      await note.waitFor();
      await untilSettled(page);
    };
    const [one = '', other = ''] = charts;
    await open(one);
    await note.fill(NOTE);
    await open(other);
    assert.equal(await note.inputValue(), '');
    assert.equal(await page.getByText(KEPT).count(), 0);
    await open(one);
    assert.equal(await note.inputValue(), NOTE);
    await page.getByText(common['draft-until-lock']).waitFor();
    await shot(page, 'draft-of-doctor');
    await page.getByRole('button', { name: 'Lock', exact: true }).first().click();
    await enterAs(page, stage.url, 'hospital', 'Dr. Lena Brandt');
    await openScreen(page, 'Patients');
    await cards.first().waitFor();
    const again = await cards.first().getAttribute('href');
    await open(again ?? '');
    assert.equal(await note.inputValue(), '');
    await visit.close();
  });

  it('about a record is still there once the record got another version, and the form says so', async () => {
    const { party: doctor } = await openDemoVisitor(stage.url, 'doctor');
    const { handle } = await openDemoVisitor(stage.url, 'patient');
    assert.ok(handle !== undefined);
    const wanted = { handle, category: 'reports' } as const;
    const right = await rightFor(doctor, { ...wanted, action: 'add' });
    const { grant } = right ?? assert.fail('no right');
    const of = { ...wanted, grant, purpose: grant.terms.purpose };
    const first = await addRecord(doctor, { ...of, content: utf8ToBytes('He smokes.') });
    const visit = await stage.visit();
    const { page } = visit;
    await enterAs(page, stage.url, 'hospital', 'Ana Ferreira');
    const open = async (): Promise<void> => {
      await openScreen(page, 'Records');
      await page.getByRole('button', { name: common.refresh, exact: true }).click();
      await reachSight(page, { name: 'record', path: `/records/${first.record}` });
    };
    await open();
    await page.getByRole('button', { name: records.object }).click();
    const words = page.getByLabel(records['object-words']);
    await words.fill('I never smoked.');
    await openScreen(page, 'Records');
    await addRecord(doctor, { ...of, content: utf8ToBytes('He smoked.'), amends: first });
    await open();
    await words.waitFor();
    assert.equal(await words.inputValue(), 'I never smoked.');
    await page.getByText(common['draft-former']).waitFor();
    await shot(page, 'draft-of-former');
    await words.fill('');
    await page.getByText(common['draft-former']).waitFor({ state: 'detached' });
    await visit.close();
  });

  it('is said not to be kept once it is too long, and what was kept before stays', async () => {
    const visit = await stage.visit();
    const { page } = visit;
    await becomePatient(page, stage.url, 'Mara');
    await type(page);
    // It is written at the lock.
    await lock(page);
    await unlock(page);
    await openAdd(page);
    await page.getByLabel(add['or-note']).fill(`${NOTE} ${'More. '.repeat(10_000)}`);
    await page.getByText(common['draft-too-long']).waitFor();
    await shot(page, 'draft-too-long');
    await lock(page);
    await unlock(page);
    await openAdd(page);
    assert.equal(await noteOf(page), NOTE);
    await visit.close();
  });

  it('stands in each form again after another screen, and each says since when', async () => {
    const sources = globSync('{messages,screens}/**/*.tsx', { cwd: SRC }).filter((path) =>
      /\buse(?:Record)?Draft\b(?:<[^(]*>)?\(/.test(readFileSync(join(SRC, path), 'utf8')),
    );
    const names = sources.map((path) => path.replaceAll('\\', '/').replace(/^screens\//, ''));
    assert.deepEqual(FORMS.map(({ source }) => source).toSorted(), names.toSorted());
    const { slip } = await propsOfStories(stage.url);
    await prepareDrafts(stage.url);
    for (const [by, rowsOf] of Map.groupBy(FORMS, (row) => row.by)) {
      const visit = await stage.visit();
      const { page } = visit;
      const seer = SEERS.find(({ name }) => name === by) ?? assert.fail(by);
      await comeAs(page, stage.url, seer);
      for (const { source, way, fields = [TEXT], reach } of rowsOf) {
        const open = async (): Promise<readonly Locator[]> => {
          for (const sight of way) await reachSight(page, sight);
          await reach?.(page, slip);
          const found = fields.map((field) => page.locator(field).first());
          for (const each of found) await each.waitFor();
          await untilSettled(page);
          return found;
        };
        const after: string[] = [];
        for (const field of await open()) {
          const before = await stateOf(field);
          await change(field);
          after.push(await stateOf(field));
          assert.notEqual(after.at(-1), before, source);
        }
        await openScreen(page, by === 'patient' ? evidence.menu : acts.menu);
        const again = await open();
        await page.getByText(KEPT).first().waitFor();
        assert.deepEqual(await Promise.all(again.map(stateOf)), after, source);
      }
      assert.deepEqual(visit.complaints, []);
      await visit.close();
    }
  });
});
