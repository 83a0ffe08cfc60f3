import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { browserMissing } from '../../src/client/test/openBrowser.ts';
import type { MandateOffer } from '../../src/client/index.ts';
import family from '../src/words/en/family.json' with { type: 'json' };
import { axeFaults } from './axeFaults.ts';
import { chooseOffer, offerFor, openFamily } from './familySteps.ts';
import { setStage } from './setStage.ts';
import { enterAs, untilSettled } from './walkthrough.ts';

const ANA = 'Ana Ferreira';
const TEODOR = 'Teodor Lindqvist';
const DOCTOR = 'Dr. Lena Brandt';

describe('a mandate in the portal', { skip: browserMissing }, () => {
  const stage = setStage();

  for (const [width, colorScheme] of [
    [1280, 'light'],
    [390, 'dark'],
  ] as const) {
    it(`is offered, read, given and ended at ${width} px, and wrong files are refused in plain words`, async () => {
      const options = { viewport: { width, height: 900 }, colorScheme };
      const [visit, other] = [await stage.visit(options), await stage.visit(options)];
      const [ana, teodor] = [visit.page, other.page];
      const isGood = async (page: typeof ana, at: string): Promise<void> =>
        assert.deepEqual(await axeFaults(page), [], at);

      await enterAs(teodor, stage.url, 'hospital', TEODOR);
      const text = await offerFor(teodor, ANA, async () => await isGood(teodor, 'offer'));
      await teodor.getByText(family['state-offered'], { exact: true }).first().waitFor();

      await enterAs(ana, stage.url, 'hospital', ANA);
      await openFamily(ana);
      await isGood(ana, 'family');
      await ana.getByRole('button', { name: family.give }).click();
      const offer = JSON.parse(text) as MandateOffer;
      const { mandate } = offer;
      const wrong = {
        REQUEST_MALFORMED: { format: 'other' },
        RIGHT_MISSING: { ...offer, mandate: { ...mandate, handle: `0x${'7'.repeat(64)}` } },
        RIGHT_ENDED: { ...offer, mandate: { ...mandate, deadline: 7 } },
        SIGNATURE_INVALID: { ...offer, mandate: { ...mandate, powers: 7 } },
      };
      for (const [code, each] of Object.entries(wrong)) {
        await chooseOffer(ana, JSON.stringify(each));
        await ana.getByText(family[`refused-${code}` as keyof typeof family]).waitFor();
        await ana.locator('code', { hasText: code }).waitFor({ state: 'attached' });
        assert.equal(await ana.getByRole('button', { name: /^Sign and let/ }).count(), 0, code);
      }
      await isGood(ana, 'refused');
      await chooseOffer(ana, text);
      await ana.getByText('Reason: my grandmother.').waitFor();
      await ana.getByText(/^Confirmed by the organisations: Patient, hospital/).waitFor();
      await isGood(ana, 'give');
      await ana.getByRole('button', { name: /^Sign and let/ }).click();
      await ana.getByText(`Acts for you now: ${TEODOR}.`).waitFor();
      await untilSettled(ana);
      await ana.getByText(family['state-active'], { exact: true }).first().waitFor();
      await isGood(ana, 'given');

      await openAgain(teodor);
      await teodor.getByText(family['state-active'], { exact: true }).first().waitFor();

      await ana.getByRole('button', { name: `End: ${TEODOR}` }).click();
      await ana.getByText(family['end-not']).waitFor();
      await isGood(ana, 'end');
      await ana.getByRole('button', { name: family['end-now'], exact: true }).click();
      await ana.getByText(`No longer acts for you: ${TEODOR}.`).waitFor();
      await ana.getByRole('button', { name: family.give }).click();
      await chooseOffer(ana, text);
      await ana.getByText(family['refused-RIGHT_ENDED']).waitFor();
      await openAgain(teodor);
      await teodor.getByText(family['state-ended'], { exact: true }).first().waitFor();
      for (const each of [visit, other]) {
        assert.deepEqual(each.complaints, []);
        await each.close();
      }
    });
  }

  it('is offered by a clinician too, and laid down by who has it', async () => {
    const [visit, other] = [await stage.visit(), await stage.visit()];
    const [ana, doctor] = [visit.page, other.page];
    await enterAs(doctor, stage.url, 'hospital', DOCTOR);
    const text = await offerFor(doctor, ANA);
    await enterAs(ana, stage.url, 'hospital', ANA);
    await openFamily(ana);
    await ana.getByRole('button', { name: family.give }).click();
    await chooseOffer(ana, text);
    await ana.getByRole('button', { name: /^Sign and let/ }).click();
    await ana.getByText(`Acts for you now: ${DOCTOR}.`).waitFor();
    await openAgain(doctor);
    assert.equal(
      await doctor.getByText(family['for-me']).count(),
      0,
      'nobody has a chart of a doctor',
    );
    await doctor.getByRole('button', { name: `Act no longer for ${ANA}` }).click();
    await doctor.getByRole('button', { name: family['resign-now'], exact: true }).click();
    await doctor.getByText(`You act no longer for ${ANA}.`).waitFor();
    await doctor.getByText(family['state-ended'], { exact: true }).first().waitFor();
    for (const each of [visit, other]) {
      assert.deepEqual(each.complaints, []);
      await each.close();
    }
  });
});

/** Goes to another screen and back, so that the organisations are asked again. */
async function openAgain(page: Parameters<typeof openFamily>[0]): Promise<void> {
  await page.evaluate(() => (location.hash = '#/me'));
  await page.getByRole('heading', { name: family.title, level: 1 }).waitFor({ state: 'detached' });
  await openFamily(page);
}
