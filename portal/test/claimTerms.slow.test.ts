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

describe('the term of a claim, in a network that nets payments', { skip: browserMissing }, () => {
  const stage = setStage({ terms: { claims: { term: HOUR, period: HOUR / 2 }, clock } });

  it('passes: either side closes the claim or the dispute, and accounts are cleared, those who owe first', async () => {
    const person = await openDemoVisitor(stage.url, 'patient');
    const { party: insurer } = await openDemoVisitor(stage.url, 'insurer');
    const { party: verifier } = await openDemoVisitor(stage.url, 'verifier-2');
    await restorePatient(person.party);
    const [, decided] = [
      await submitClaim(person.party, await claimOf(person, insurer.address, 0, 3_000)),
      await submitClaim(person.party, await claimOf(person, insurer.address, 1, 4_000)),
    ];
    await arrived(stage.url);
    await decideClaim(insurer, decided.digest, { outcome: 'approve', reason: 'covered' });
    await checkInbox(person.party);
    const dispute = { verifier: verifier.address, reason: 'The bill was higher' };
    await disputeClaim(person.party, decided.digest, dispute);

    const early = await entered('insurer', 'Marek Novak');
    const desk = early.page.locator('main');
    await desk.getByText('Your account holds 1,000.00.').waitFor();
    await desk.getByText('The next clearing changes it by -40.00.').waitFor();
    await desk.getByRole('button', { name: 'Clear it now' }).click();
    await desk.getByText('The period still runs. Try again once it is over.').waitFor();
    await requireGood(early.page, 'cleared too early');
    await desk.getByRole('link', { name: '30.00 for Ana Ferreira' }).click();
    await desk.getByText(/^Waits for your decision until /).waitFor();
    assert.equal(await desk.getByRole('button', { name: 'Close it' }).count(), 0);
    await early.close();

    ahead = HOUR * 1000 + 1000;
    const [patient, payer] = [
      await entered('hospital', 'Ana Ferreira'),
      await entered('insurer', 'Marek Novak'),
    ];
    const [own, late] = [patient.page.locator('main'), payer.page.locator('main')];
    await own.getByText('The next clearing changes it by 40.00.').waitFor();
    await own.getByRole('button', { name: 'Clear it now' }).click();
    await own.getByText('Those who owe did not pay in yet. Try again later.').waitFor();
    await late.getByRole('button', { name: 'Clear it now' }).dblclick();
    await late.getByText('Your account holds 960.00.').waitFor();
    await late.getByText('The next clearing changes it').waitFor({ state: 'detached' });
    await own.getByRole('button', { name: 'Clear it now' }).click();
    await own.getByText('The account of one claim holds 40.00.').waitFor();
    await requireGood(patient.page, 'cleared');

    await late.getByRole('link', { name: '30.00 for Ana Ferreira' }).click();
    await late.getByText(/^Its term passed on /).waitFor();
    assert.equal(await late.getByLabel('Amount to pay').count(), 0, 'nothing is decided any more');
    await own.getByRole('link', { name: '30.00 from Marek Novak' }).click();
    await own.getByText('Nobody acted in time. Once the claim is closed').waitFor();
    await requireGood(patient.page, 'a term that passed');
    for (const side of [own, late]) await side.getByRole('button', { name: 'Close it' }).click();
    for (const side of [own, late]) await side.getByText('Lapsed: its term passed.').waitFor();
    await openScreen(payer.page, 'Claims');
    await late.getByRole('link', { name: '40.00 for Ana Ferreira' }).click();
    await late.getByText('Nobody judged in time. Once the dispute is closed').waitFor();
    await late.getByRole('button', { name: 'Close it' }).dblclick();
    await late.getByText('Nobody judged in time.').waitFor({ state: 'detached' });
    await late.getByText('You paid 40.00 of 40.00').waitFor();
    assert.equal(await late.getByText(/^Disputed/).count(), 0);
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
