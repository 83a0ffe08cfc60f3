import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { browserMissing } from '../../src/client/test/openBrowser.ts';
import common from '../src/words/en/common.json' with { type: 'json' };
import errors from '../src/words/en/errors.json' with { type: 'json' };
import { axeFaults } from './axeFaults.ts';
import { latinWords, speakPseudo } from './pseudoLanguage.ts';
import { requireGood } from './requireGood.ts';
import { setStage } from './setStage.ts';
import { comeAs, leaveSight, reachSight, SEERS } from './sights.ts';
import { enterAs, openScreen, screensOf, untilSettled } from './walkthrough.ts';

const PEOPLE = [
  ['hospital', 'Ana Ferreira'],
  ['hospital', 'Dr. Lena Brandt'],
  ['hospital', 'Noor Willems'],
  ['laboratory', 'Ines Duarte'],
  ['insurer', 'Marek Novak'],
  ['laboratory', 'David Osei'],
] as const;

/** Said of a fault that has no words of its own. */
const UNKNOWN_FAULT = new RegExp(errors.INTERNAL.slice(0, 40));

describe('every screen of every role', { skip: browserMissing }, () => {
  const stage = setStage({ wearable: true });

  for (const [width, colorScheme] of [
    [1280, 'light'],
    [390, 'dark'],
  ] as const) {
    it(`has no fault of accessibility, no complaint, nothing small and nothing beside it at ${width} px, ${colorScheme}`, async () => {
      for (const [organisation, called] of PEOPLE) {
        const visit = await stage.visit({ viewport: { width, height: 844 }, colorScheme });
        const { page } = visit;
        await page.goto(`${stage.url}/${organisation}/portal/`);
        await untilSettled(page);
        await requireGood(page, `${called}, way in`);
        await enterAs(page, stage.url, organisation, called);
        for (const name of await screensOf(page)) {
          await openScreen(page, name);
          await requireGood(page, `${called}, ${name}`);
        }
        assert.deepEqual(visit.complaints, [], called);
        await visit.close();
      }
    });
  }

  it('fits at 390 px and has no English word left in a language that is longer and written from right to left', async () => {
    const known = await wordsOfData(stage.url);
    for (const seer of SEERS) {
      const visit = await stage.visit({
        viewport: { width: 390, height: 844 },
      });
      const { page } = visit;
      await speakPseudo(page.context());
      await comeAs(page, stage.url, seer);
      for (const sight of seer.sights) {
        const where = `${seer.name}, ${sight.name}`;
        await reachSight(page, sight);
        const beside = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        assert.equal(beside, 0, where);
        if (sight.path !== undefined && sight.path !== '/') {
          await page.waitForFunction(() => document.title.endsWith(' – Medseal'));
        }
        const left = (await latinWords(page)).filter((word) => !known.has(word));
        assert.deepEqual(left, [], where);
        // Colours are the same in every language, and take most of the time.
        assert.deepEqual(await axeFaults(page, ['color-contrast']), [], where);
        await leaveSight(page, sight);
      }
      await visit.close();
    }
  });

  it('has one heading and no fault of accessibility on a screen whose organisation does not answer, and comes once it does and the person tries again', async () => {
    for (const seer of SEERS) {
      const visit = await stage.visit();
      const { page } = visit;
      await comeAs(page, stage.url, seer);
      let isAway = true;
      // The files of the page still come.
      await page.context().route(
        ({ pathname }) => !/\/portal\/[^?]/.test(pathname),
        async (route) => await (isAway ? route.abort('connectionrefused') : route.continue()),
      );
      for (const path of new Set(seer.sights.flatMap((sight) => sight.path ?? []))) {
        const where = `${seer.name}, ${path}`;
        await reachSight(page, { name: where, path });
        assert.equal(await page.locator('main h1').count(), 1, where);
        assert.deepEqual(await axeFaults(page, ['color-contrast']), [], where);
        const failures = page.locator('main .notice.bad');
        // One for what is read of the node, and one for what is read of others.
        assert.ok((await failures.count()) <= 2, where);
        assert.doesNotMatch((await failures.allInnerTexts()).join(), UNKNOWN_FAULT, where);
        isAway = false;
        await failures.getByRole('button', { name: common.again }).evaluateAll((all) => {
          // Together, as each takes its own away.
          for (const each of all) if (each instanceof HTMLElement) each.click();
        });
        await page
          .waitForFunction(() => document.querySelector('main .notice.bad, .wait') === null)
          .catch(() => undefined);
        assert.deepEqual(await failures.allInnerTexts(), [], where);
        isAway = true;
      }
      await visit.close();
    }
  });
});

/** The words of what is invented for the demonstration, of names, codes of documents, months, days of the week and contracts: they are the same in each language. */
async function wordsOfData(url: string): Promise<ReadonlySet<string>> {
  const root = join(import.meta.dirname, '../..');
  const sources = globSync(
    [
      'demo/{charts,parties}/*.ts',
      'src/fhir/makeDocumentReference.ts',
      // The model of the demonstration’s wearable.
      'src/sensors/simulate/SimulatedSensor.ts',
      'contracts/**/*.sol',
      // A contract’s interface has the events that it inherits.
      'src/bindings/generated/settlementAbi.ts',
    ],
    { cwd: root },
  );
  const texts = sources.flatMap((path) => {
    const code = readFileSync(join(root, path), 'utf8').replaceAll(/\/\*[^]*?\*\/|\/\/.*/g, '');
    return /\.sol$|Abi\.ts$/.test(path) ? [code] : (code.match(/'[^'\n]*'|`[^`]*`/g) ?? []);
  });
  const people = await (await fetch(`${url}/hospital/portal/demo.json`)).text();
  const forms = (['medium', 'full'] as const).map(
    (dateStyle) => new Intl.DateTimeFormat('en-GB', { dateStyle }),
  );
  // These days are of all months, and of all days of the week.
  const months = Array.from({ length: 12 }, (_, at) =>
    forms.map((form) => form.format(Date.UTC(2026, at, 15))),
  ).flat();
  const words = [...texts, people, ...months].join(' ').match(/[A-Za-z]{3,}/g) ?? [];
  // A conflict of an order names the substance as it is compared.
  return new Set(words.flatMap((word) => [word, word.toLowerCase()]));
}
