import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { browserMissing } from '../../src/client/test/openBrowser.ts';
import { requireGood } from './requireGood.ts';
import { setStage } from './setStage.ts';
import { enterAs, untilSettled } from './walkthrough.ts';

const PEOPLE = [
  ['hospital', 'Ana Ferreira'],
  ['hospital', 'Dr. Lena Brandt'],
  ['hospital', 'Noor Willems'],
  ['laboratory', 'Ines Duarte'],
  ['insurer', 'Marek Novak'],
] as const;

describe('every screen of every role', { skip: browserMissing }, () => {
  const stage = setStage();

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
        const menu = page.getByRole('navigation').first().getByRole('link');
        for (const name of await menu.allInnerTexts()) {
          await page
            .getByRole('navigation')
            .first()
            .getByRole('link', { name, exact: true })
            .click();
          await untilSettled(page);
          await requireGood(page, `${called}, ${name}`);
        }
        assert.deepEqual(visit.complaints, [], called);
        await visit.close();
      }
    });
  }
});
