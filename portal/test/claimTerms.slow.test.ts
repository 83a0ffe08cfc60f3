import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  checkInbox,
  decideClaim,
  disputeClaim,
  restorePatient,
  submitClaim,
} from '../../src/client/index.ts';
import { browserMissing } from '../../src/client/test/openBrowser.ts';
import { systemClock } from '../../src/folder/systemClock.ts';
import { arrived, claimOf } from './claimsMade.ts';
import { openDemoVisitor } from './demoVisitor.ts';
import type { Visit } from './openVisit.ts';
import { requireGood } from './requireGood.ts';
import { setStage } from './setStage.ts';
import { enterAs, openScreen } from './walkthrough.ts';

const HOUR = 3_600;
/** Milliseconds by which nodes and browsers are ahead. */
let ahead = 0;
const clock = { ...systemClock, now: () => Date.now() + ahead };

describe('the term of a claim', { skip: browserMissing }, () => {
  const stage = setStage({ terms: { claims: { term: HOUR }, clock } });

  // @attack the same in the portal, and a side that does not open its lot there | not offered before the term is over; it loses
  it('passes: either side closes the claim, has it paid, or ends the dispute of who did not open its lot', async () => {
    const person = await openDemoVisitor(stage.url, 'patient');
    const { party: insurer } = await openDemoVisitor(stage.url, 'insurer');
    await restorePatient(person.party);
    const [, decided, held] = [
      await submitClaim(person.party, await claimOf(stage.url, person, insurer.address, 0, 3_000)),
      await submitClaim(person.party, await claimOf(stage.url, person, insurer.address, 1, 4_000)),
      await submitClaim(person.party, await claimOf(stage.url, person, insurer.address, 2, 2_000)),
    ];
    await arrived(stage.url);
    for (const { digest } of [decided, held]) {
      await decideClaim(insurer, digest, { outcome: 'approve', reason: 'covered' });
    }
    await checkInbox(person.party);
    await disputeClaim(person.party, decided.digest, { reason: 'The bill was higher' });

    const early = await entered('insurer', 'Marek Novak');
    const desk = early.page.locator('main');
    await desk.getByText('Your account holds 940.00.').waitFor();
    await desk.getByRole('button', { name: '30.00 for Ana Ferreira' }).click();
    await desk.getByText(/^Waits for your decision until /).waitFor();
    assert.equal(await desk.getByRole('button', { name: 'End the term' }).count(), 0);
    await early.close();

    ahead = HOUR * 1000 + 1000;
    const [patient, payer] = [
      await entered('hospital', 'Ana Ferreira'),
      await entered('insurer', 'Marek Novak'),
    ];
    const [own, late] = [patient.page.locator('main'), payer.page.locator('main')];
    await late.getByRole('button', { name: '30.00 for Ana Ferreira' }).click();
    await late.getByText(/^Its term passed on /).waitFor();
    assert.equal(await late.getByLabel('Amount to pay').count(), 0, 'nothing is decided any more');
    await own.getByRole('link', { name: '30.00 from Marek Novak' }).click();
    await own.getByText('Nobody acted in time. Once the claim is closed').waitFor();
    await requireGood(patient.page, 'a term that passed');
    for (const side of [own, late])
      await side.getByRole('button', { name: 'End the term' }).click();
    for (const side of [own, late]) await side.getByText('Lapsed: its term passed.').waitFor();
    await openScreen(payer.page, 'Claims');
    await late.getByRole('button', { name: '40.00 for Ana Ferreira' }).click();
    await late.getByText('The lot was not opened in time: that side loses.').waitFor();
    await requireGood(payer.page, 'a lot that was not opened');
    await late.getByRole('button', { name: 'End the term' }).dblclick();
    await late.getByText('You paid 40.00 of 40.00.').waitFor();
    assert.equal(await late.getByText(/^Disputed/).count(), 0);
    await openScreen(patient.page, 'Claims');
    await own.getByRole('link', { name: '20.00 from Marek Novak' }).click();
    await own
      .getByText('The term is over. Once it is ended, the payment goes to the payee.')
      .waitFor();
    await own.getByRole('button', { name: 'End the term' }).click();
    await own.getByText('Marek Novak paid 20.00 of 20.00.').waitFor();
    await openScreen(patient.page, 'Claims');
    await own.getByText('The account of one claim holds 20.00.').waitFor();
    await requireGood(patient.page, 'paid');
    for (const visit of [patient, payer]) {
      // The browser tells of every refusal.
      const others = visit.complaints.filter((each) => !/status of 4\d\d/.test(each));
      assert.deepEqual(others, [], visit.page.url());
      await visit.close();
    }
  });

  /** Opens the claims of a person whose browser has the clock of the nodes. */
  async function entered(organisation: string, called: string): Promise<Visit> {
    const visit = await stage.visit({ viewport: { width: 390, height: 844 } });
    await visit.page.clock.install({ time: clock.now() });
    await enterAs(visit.page, stage.url, organisation, called);
    await openScreen(visit.page, 'Claims');
    return visit;
  }
});
