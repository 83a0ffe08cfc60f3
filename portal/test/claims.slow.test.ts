// Over 400 lines: the claims of three people are told from beginning to end, on one network that takes long to found.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  decideClaim,
  formatBill,
  parseRedemption,
  claimAccounts,
  readAccount,
  redeemUnits,
  restorePatient,
  submitClaim,
  withdrawClaim,
} from '../../src/client/index.ts';
import type { Locator } from 'playwright-core';
import type { RecordId } from '../../src/protocol/ids.ts';
import { browserMissing } from '../../src/client/test/openBrowser.ts';
import { readAuthorityKeys } from '../../src/node/founding/readAuthorityKeys.ts';
import { waitingClaim, fileOf, saved } from './claimFiles.ts';
import { arrived, billedBy, claimOf, lieAbout } from './claimsMade.ts';
import { openDemoVisitor } from './demoVisitor.ts';
import { requireGood } from './requireGood.ts';
import { setStage } from './setStage.ts';
import { enterAs, openChart, openScreen, untilSettled } from './walkthrough.ts';

const NARROW = { viewport: { width: 390, height: 844 } };

/** Chooses a treatment of the doctor's own, whose total the doctor alone signs: no insurer was asked for it before. */
async function chooseUnclaimed(desk: Locator): Promise<void> {
  const treatment = desk.getByLabel('Treatment');
  // The first one asks to choose, and the last one is in advance.
  const last = (await treatment.locator('option').count()) - 1;
  for (let index = 1; index < last; index++) {
    await treatment.selectOption({ index });
    if ((await desk.getByText('It and those before it were paid').count()) > 0) continue;
    await desk.getByRole('button', { name: 'Next' }).click();
    await desk.getByText('Step 2 of 3').waitFor();
    if ((await desk.getByLabel('The bill that whoever treated signed').count()) === 0) return;
    await desk.getByRole('button', { name: 'Back' }).click();
    await desk.getByText('Step 1 of 3').waitFor();
  }
  assert.fail('each treatment is claimed, or of another doctor');
}

/** Chooses insurer and treatment, and goes on to the bill. */
async function chooseTreatment(
  own: Locator,
  insurer: string,
  choice: number | string,
  look: () => Promise<void> = async () => undefined,
): Promise<RecordId> {
  await own.getByLabel(insurer).check();
  const wanted = typeof choice === 'number' ? { index: choice } : choice;
  await own.getByLabel('Treatment').selectOption(wanted);
  await look();
  const treatment = (await own.getByLabel('Treatment').inputValue()) as RecordId;
  await own.getByRole('button', { name: 'Next' }).click();
  await own.getByText('Step 2 of 3').waitFor();
  return treatment;
}

describe('a claim', { skip: browserMissing }, () => {
  const stage = setStage();

  it('goes from the patient to the insurer, who asks for more and pays a part, and both see how much', async () => {
    const [patient, insurer] = [
      await stage.visit(NARROW),
      await stage.visit({ ...NARROW, colorScheme: 'dark' }),
    ];
    await enterAs(patient.page, stage.url, 'hospital', 'Ana Ferreira');
    await openScreen(patient.page, 'Claims');
    const own = patient.page.locator('main');
    await own.getByText('There are no claims.').waitFor();
    await own.getByRole('link', { name: 'Make a claim' }).click();
    await untilSettled(patient.page);
    await own.getByRole('button', { name: 'Next' }).click();
    await own.getByText('Fill in the fields above first.').first().waitFor();
    await requireGood(patient.page, 'claim, step 1');
    const first = await chooseTreatment(own, 'Marek Novak', 1);
    await untilSettled(patient.page);
    await own.getByRole('button', { name: 'Next' }).click();
    await own.getByText('Type an amount such as 80.50.').first().waitFor();
    await requireGood(patient.page, 'claim, step 2');
    await own.getByLabel('Service 1', { exact: true }).fill('Consultation');
    await own.getByLabel('Amount of service 1').fill('80,50');
    await own.getByRole('button', { name: 'Another line' }).click();
    await own.getByLabel('Service 2', { exact: true }).fill('Blood count');
    await own.getByLabel('Amount of service 2').fill('19.25');
    await attachBill(own, first, 9_975);
    await own.getByRole('button', { name: 'Next' }).click();
    await own.getByText('Step 3 of 3').waitFor();
    // Back shows the bill again as it was typed, and the browser's Back does the same.
    await own.getByRole('button', { name: 'Back' }).click();
    await own.getByText('Step 2 of 3').waitFor();
    await patient.page.goBack();
    await own.getByText('Step 1 of 3').waitFor();
    assert.equal(await own.getByLabel('Treatment').inputValue(), first);
    await patient.page.goForward();
    await own.getByText('Step 2 of 3').waitFor();
    assert.equal(await own.getByLabel('Amount of service 2').inputValue(), '19.25');
    await own.getByRole('button', { name: 'Next' }).click();
    await own
      .getByText(/You claim EUR.99\.75 of a bill of EUR.99\.75 from Marek Novak\./)
      .waitFor();
    await own.getByText('Marek Novak may read exactly these records, for payment, until').waitFor();
    await requireGood(patient.page, 'make a claim');
    await own.getByRole('button', { name: 'Sign and claim' }).click();
    await own.getByText(/^Marek Novak decides until .*; after that the claim lapses\.$/).waitFor();
    await own.getByText('Nothing was altered: all 4 records are as signed').waitFor();
    await requireGood(patient.page, 'own claim');

    await arrived(stage.url);
    await enterAs(insurer.page, stage.url, 'insurer', 'Marek Novak');
    await openScreen(insurer.page, 'Claims');
    const desk = insurer.page.locator('main');
    await desk.getByText('Your account holds 1,000.00.').waitFor();
    await desk.getByRole('button', { name: '99.75 for Ana Ferreira' }).click();
    await desk.getByText('Nothing was altered: all 4 records are as signed').waitFor();
    const banner = await insurer.page.locator('main > .patient-banner').innerText();
    assert.match(banner, /^Ana Ferreira\s+Payment\s+until /);
    assert.equal(await patient.page.locator('main > .patient-banner').count(), 0);
    await desk.getByLabel('Ask for more').check();
    await desk.getByLabel('Words for the claimant').fill('Please show the results.');
    await desk.getByRole('button', { name: 'Next' }).click();
    await desk.getByText('You ask Ana Ferreira for more about the claim').waitFor();
    await desk.getByRole('button', { name: 'Sign and ask' }).click();
    await desk.getByText('Done: 99.75 for Ana Ferreira').waitFor();
    await desk
      .getByText(/^You asked for more\. The answer is due until /)
      .first()
      .waitFor();
    await own.getByRole('button', { name: 'Refresh' }).click();
    await own.getByText(/^Marek Novak asks for more\. Answer until /).waitFor();
    await own.getByText('Words of the insurer: “Please show the results.”').waitFor();
    await own
      .getByLabel(/^Laboratory results/)
      .first()
      .check();
    await own.getByRole('button', { name: 'Next' }).click();
    await own.getByText('Marek Novak may read these records too, for payment').waitFor();
    await requireGood(patient.page, 'answer');
    await own.getByRole('button', { name: 'Sign and answer' }).click();
    await own.getByText(/^Marek Novak decides until /).waitFor();
    await desk.getByRole('button', { name: 'Refresh' }).click();
    await desk
      .getByRole('button', { name: /^99\.75 for Ana Ferreira\s*Waits for your decision/ })
      .click();
    await desk.getByText('Nothing was altered: all 5 records are as signed').waitFor();
    await desk.getByLabel('Amount to pay').fill('100');
    await desk.getByRole('button', { name: 'Next' }).click();
    await desk.getByText('Type an amount such as 80.50, of at most 99.75.').waitFor();
    await desk.getByLabel('Amount to pay').fill('84');
    await desk.getByRole('button', { name: 'Next' }).click();
    await desk
      .getByText(/EUR.84\.00 of EUR.99\.75 leave your account now, and go to Ana Ferreira/)
      .waitFor();
    await desk.getByText('Reason: a part of it is covered').waitFor();
    await requireGood(insurer.page, 'decide');
    await desk.getByRole('button', { name: 'Sign and approve' }).click();
    await desk
      .getByText(/^You approved 84\.00 of 99\.75.* held until /)
      .first()
      .waitFor();
    await requireGood(insurer.page, 'held');
    await desk.getByText('Your account holds 916.00.').waitFor();

    await own.getByRole('button', { name: 'Refresh' }).click();
    await own.getByText(/^Marek Novak approved 84\.00 of 99\.75 on \d/).waitFor();
    await own.getByText('Reason: a part of it is covered').waitFor();
    await own.getByRole('button', { name: 'Put the explanation on the chart' }).click();
    await own.getByText('84.00 of 99.75 are approved.').waitFor();
    await own.getByRole('button', { name: 'Sign and add' }).dblclick();
    await own.getByText('The explanation is on the chart.').waitFor();
    await requireGood(patient.page, 'explained');
    await own.getByRole('link', { name: 'Open it there' }).click();
    await own.getByText('Insurer’s settlement').first().waitFor();

    await openScreen(patient.page, 'Claims');
    await own.getByRole('link', { name: 'Make a claim' }).click();
    const again = await chooseTreatment(own, 'Clara Moreau', 1, async () => {
      await own.getByText('It and those before it were paid 84.00 of 99.75').waitFor();
    });
    await own.getByLabel('Service 1', { exact: true }).fill('Consultation and blood count');
    await own.getByLabel('Amount of service 1').fill('99.75');
    await attachBill(own, again, 9_975);
    await own.getByRole('button', { name: 'Next' }).click();
    await own.getByText('Type an amount such as 80.50, of at most 15.75.').waitFor();
    await own.getByLabel('Ask for less than the whole bill').fill('15,75');
    await requireGood(patient.page, 'the rest');
    await own.getByRole('button', { name: 'Next' }).click();
    await own.getByText(/You claim EUR.15\.75 of a bill of EUR.99\.75 from Clara/).waitFor();
    await own.getByRole('button', { name: 'Sign and claim' }).click();
    await own.getByText(/^Clara Moreau decides until /).waitFor();
    await arrived(stage.url, 'insurer-2');
    const { party: second } = await openDemoVisitor(stage.url, 'insurer-2');
    await decideClaim(second, await waitingClaim(second), {
      outcome: 'approve',
      reason: 'covered',
    });
    await own.getByRole('button', { name: 'Refresh' }).click();
    await own.getByText(/^Clara Moreau approved 15\.75 of 15\.75/).waitFor();
    await own
      .getByText('Before this claim, Marek Novak was asked for the same treatment')
      .waitFor();

    await openScreen(patient.page, 'Claims');
    await own.getByRole('link', { name: 'Make a claim' }).click();
    await chooseTreatment(own, 'Marek Novak', 'It has not begun: ask in advance');
    await own.getByLabel('Service 1', { exact: true }).fill('Knee surgery');
    await own.getByLabel('Amount of service 1').fill('60');
    await own.getByRole('button', { name: 'Next' }).click();
    await own.getByText(/You ask Marek Novak in advance whether it will pay EUR.60\.00/).waitFor();
    await own.getByRole('button', { name: 'Sign and claim' }).click();
    await own.getByText('Asked in advance, before the treatment.').waitFor();
    await arrived(stage.url);
    await desk.getByRole('button', { name: 'Refresh' }).click();
    await desk.getByRole('button', { name: '60.00 for Ana Ferreira' }).click();
    await desk.getByLabel('Amount to pay').fill('50');
    await desk.getByRole('button', { name: 'Next' }).click();
    await desk.getByText(/^You agree in advance to pay up to EUR.50\.00 of EUR.60\.00/).waitFor();
    await requireGood(insurer.page, 'agree in advance');
    await desk.getByRole('button', { name: 'Sign and agree' }).click();
    await desk.getByText('You agreed in advance to pay up to 50.00 of 60.00').first().waitFor();
    await openScreen(patient.page, 'Claims');
    await own.getByRole('link', { name: 'Make a claim' }).click();
    const surgery = await chooseTreatment(own, 'Marek Novak', 2);
    await own.getByLabel('Service 1', { exact: true }).fill('Knee surgery');
    await own.getByLabel('Amount of service 1').fill('45');
    await attachBill(own, surgery, 4_500);
    await own.getByRole('button', { name: 'Next' }).click();
    await own.getByText(/^The claim uses up the agreement in advance .* EUR.50\.00\.$/).waitFor();
    await own.getByRole('button', { name: 'Sign and claim' }).click();
    await own.getByText(/^Marek Novak decides until /).waitFor();
    await openScreen(patient.page, 'Claims');
    await own.getByText('Used by a later claim.').waitFor();
    for (const visit of [patient, insurer]) {
      assert.deepEqual(visit.complaints, []);
      await visit.close();
    }
  });

  /** Chooses the file of the bill for a treatment, as whoever treated signed it. */
  async function attachBill(own: Locator, treatment: RecordId, total: number): Promise<void> {
    const bill = formatBill(await billedBy(stage.url, treatment, total));
    await own.getByLabel('The bill that whoever treated signed').setInputFiles(fileOf(bill));
  }

  // @attack the same, with the portal of a node beside which the log’s organisation is | the same
  it('that is denied shows its reason, and one whose bill was altered cannot be approved', async () => {
    const person = await openDemoVisitor(stage.url, 'patient');
    const { address } = await openDemoVisitor(stage.url, 'insurer');
    await restorePatient(person.party);
    await submitClaim(person.party, await claimOf(stage.url, person, address, 0, 3_000));
    const altered = await claimOf(stage.url, person, address, 1, 4_000);
    await lieAbout(person, altered, 9_000);
    const { treatment = '0x' } = altered;
    const bill = await billedBy(stage.url, treatment, 9_000);
    await submitClaim(person.party, { ...altered, bill });
    await arrived(stage.url);
    const [patient, insurer] = [await stage.visit(), await stage.visit(NARROW)];
    await enterAs(insurer.page, stage.url, 'insurer', 'Marek Novak');
    await openScreen(insurer.page, 'Claims');
    const desk = insurer.page.locator('main');
    await desk.getByRole('button', { name: '40.00 for Ana Ferreira' }).click();
    await desk.getByText('The papers were altered').waitFor();
    await untilSettled(insurer.page);
    await requireGood(insurer.page, 'altered');
    assert.equal(await desk.getByLabel('Amount to pay').count(), 0);
    assert.equal(await desk.getByRole('button', { name: 'Next' }).count(), 0);

    await openScreen(insurer.page, 'Claims');
    await desk.getByRole('button', { name: '30.00 for Ana Ferreira' }).click();
    await desk.getByLabel('Deny').check();
    await desk.getByLabel('Reason').selectOption('the treatment was not necessary');
    await desk.getByLabel('Words for the claimant').fill('Ask your doctor for a letter.');
    await desk.getByRole('button', { name: 'Next' }).click();
    await desk.getByText('You deny the claim of Ana Ferreira for Ana Ferreira').waitFor();
    await desk.getByRole('button', { name: 'Sign and deny' }).click();
    await desk.getByText('You denied it.').first().waitFor();

    await enterAs(patient.page, stage.url, 'hospital', 'Ana Ferreira');
    await openScreen(patient.page, 'Claims');
    const own = patient.page.locator('main');
    await own.getByText(/^Marek Novak denied it on \d/).waitFor();
    await own.getByText('Reason: the treatment was not necessary').waitFor();
    await own.getByText('Words of the insurer: “Ask your doctor for a letter.”').waitFor();

    await own.getByRole('link', { name: '30.00 from Marek Novak' }).click();
    await own.getByText('Dispute the decision').click();
    await own.getByLabel('Your reason').fill('It was necessary');
    await own.getByRole('button', { name: 'Next' }).click();
    await own.getByText('You dispute the decision. Your reason: “It was necessary”').waitFor();
    await own.getByText('and no other record.').waitFor();
    await own.getByRole('button', { name: 'Sign and dispute' }).click();
    await own.getByText(/^Disputed: the other side has to open its lot until /).waitFor();
    await desk.getByRole('button', { name: 'Refresh' }).click();
    await desk.getByRole('button', { name: /^30\.00 for Ana Ferreira\s*Disputed/ }).click();
    await desk.getByRole('button', { name: 'Open your lot' }).dblclick();
    await desk.getByText('Done: 30.00 for Ana Ferreira').waitFor();
    await desk.getByRole('button', { name: '30.00 for Ana Ferreira' }).click();
    await desk.getByText('David Osei was drawn to judge.').waitFor();
    await requireGood(insurer.page, 'drawn');
    await own.getByRole('button', { name: 'Refresh' }).click();
    await own.getByRole('button', { name: 'Send them the evidence' }).click();
    await own.getByText('David Osei was drawn to judge.').waitFor();
    await requireGood(patient.page, 'disputed');
    const verifier = await stage.visit(NARROW);
    await enterAs(verifier.page, stage.url, 'laboratory', 'David Osei');
    await openScreen(verifier.page, 'Claims');
    const judge = verifier.page.locator('main');
    const openDispute = async (reason: string): Promise<void> => {
      await judge.getByRole('button', { name: reason }).click();
      await judge.getByRole('button', { name: 'Recompute the evidence' }).click();
    };
    await judge.getByText('disputes it: “It was necessary”').waitFor();
    // The verifier's own node has no copy of the log: it is read at the log's organisation.
    const copies = /\/laboratory\/v1\/(?:checkpoints|tlog|receipts)\/care\/hospital/;
    await verifier.page.route(copies, async (route) => {
      const problem = { type: 'urn:medseal:error:NOT_FOUND', status: 404, code: 'NOT_FOUND' };
      const contentType = 'application/problem+json';
      const body = JSON.stringify({ ...problem, values: { what: 'log' } });
      await route.fulfill({ status: 404, contentType, body });
    });
    const there: string[] = [];
    verifier.page.on('request', (request) => there.push(request.url()));
    await openDispute('It was necessary');
    await judge.getByText('Safe', { exact: true }).waitFor();
    const path = '/hospital/v1/checkpoints/care/hospital';
    assert.ok(there.includes(`${stage.url}${path}`), 'the log’s organisation was asked');
    await judge.getByText(/^Log care\/hospital, block \d+$/).waitFor();
    await judge.getByRole('button', { name: 'Next' }).click();
    await judge.getByText(/^You sign: Safe\. Once that is final, the insurer decides/).waitFor();
    await judge.getByText('You alone were drawn: your judgement counts.').waitFor();
    await requireGood(verifier.page, 'judge');
    await judge.getByRole('button', { name: 'Sign “Safe”' }).click();
    await judge.getByText('Safe: This is signed.').waitFor();
    await judge.getByText('No dispute waits for you.').waitFor();
    await verifier.page.unroute(copies);

    await own.getByRole('button', { name: 'Refresh' }).click();
    await own.getByText(/^Found safe\. Either side can appeal until /).waitFor();
    await own.getByText('David Osei found the evidence safe.').waitFor();
    await requireGood(patient.page, 'judged');

    await submitClaim(person.party, await claimOf(stage.url, person, address, 2, 5_000));
    await arrived(stage.url);
    await openScreen(insurer.page, 'Claims');
    await desk.getByRole('button', { name: '50.00 for Ana Ferreira' }).click();
    await desk.getByRole('button', { name: 'Next' }).click();
    await desk.getByRole('button', { name: 'Sign and approve' }).dblclick();
    await desk.getByText('Done: 50.00 for Ana Ferreira').waitFor();
    await desk
      .getByRole('button', { name: /^50\.00 for Ana Ferreira\s*You approved 50\.00 of 50\.00/ })
      .click();
    await desk.getByText('Dispute the decision').click();
    await desk.getByLabel('Your reason').fill('<i>The log was changed</i>');
    await desk.getByRole('button', { name: 'Next' }).click();
    await desk.getByRole('button', { name: 'Sign and dispute' }).click();
    await desk.getByText(/^Disputed: the other side has to open its lot until /).waitFor();
    await openScreen(patient.page, 'Claims');
    await own.getByRole('link', { name: '50.00 from Marek Novak' }).click();
    await own.getByRole('button', { name: 'Open your lot' }).click();
    await own.getByText('50.00 of it are held meanwhile.').waitFor();
    await desk.getByRole('button', { name: 'Refresh' }).click();
    await desk.getByRole('button', { name: 'Send them the evidence' }).click();
    await desk.getByText('David Osei was drawn to judge.').waitFor();
    await verifier.page.route(/\/tile\/0\//, async (route) => {
      const response = await route.fetch();
      const altered = Buffer.from(await response.body()).fill(0, 0, 32);
      await route.fulfill({ response, body: altered });
    });
    await judge.getByRole('button', { name: 'Refresh' }).click();
    await openDispute('<i>The log was changed</i>');
    await judge.getByText('Not safe', { exact: true }).waitFor();
    await judge.getByRole('button', { name: 'Next' }).click();
    await judge.getByText('Once that is final, what is held goes back.').waitFor();
    await requireGood(verifier.page, 'not safe');
    await judge.getByRole('button', { name: 'Sign “Not safe”' }).dblclick();
    await judge.getByText('Not safe: This is signed.').waitFor();
    for (const side of [desk, own]) {
      await side.getByRole('button', { name: 'Refresh' }).click();
      await side.getByText(/^Found not safe\. Either side can appeal until /).waitFor();
      await side.getByText(/^David Osei found the evidence not safe, at block \d+: “/).waitFor();
    }
    await own.getByText('Appeal against the judgement').click();
    await own.getByLabel('Your reason').fill('The log is whole');
    await own.getByRole('button', { name: 'Next' }).click();
    await own
      .getByText('You appeal against the judgement. Your reason: “The log is whole”')
      .waitFor();
    await requireGood(patient.page, 'appeal');
    await own.getByRole('button', { name: 'Sign and appeal' }).click();
    await own.getByText(/^Disputed: the verifiers who were drawn judge until /).waitFor();
    await verifier.page.unroute(/\/tile\/0\//);
    await judge.getByRole('button', { name: 'Refresh' }).click();
    await openDispute('The log is whole');
    await judge.getByText('Safe', { exact: true }).waitFor();
    await judge.getByRole('button', { name: 'Next' }).click();
    await judge.getByRole('button', { name: 'Sign “Safe”' }).click();
    await judge.getByText('Safe: This is signed.').waitFor();
    await own.getByRole('button', { name: 'Refresh' }).click();
    await own.getByText('Marek Novak paid 50.00 of 50.00.').waitFor();

    await openScreen(patient.page, 'Claims');
    const accounts = await claimAccounts(person.party);
    const balances = accounts.map(async (each) => {
      return { each, balance: (await readAccount(person.party, each.address)).balance };
    });
    const held = (await Promise.all(balances)).filter(({ balance }) => balance > 0);
    assert.deepEqual(
      held.map(({ balance }) => balance),
      [5_000],
    );
    await own.getByText('Give units back for money').last().click();
    await own.getByLabel('Organisation that pays you').selectOption('insurer');
    await own.getByRole('button', { name: 'Next' }).click();
    await own.getByText('Type an amount such as 80.50, of at most').waitFor();
    await own.getByLabel('Amount that you get').fill('30');
    await own.getByRole('button', { name: 'Next' }).click();
    await own.getByText('of your units go back to insurer, which pays you the money.').waitFor();
    await own.getByRole('button', { name: 'Sign the file' }).dblclick();
    await own.getByText('save the file and give it to them.').waitFor();
    await requireGood(patient.page, 'give units back');
    const redemption = parseRedemption(await saved(patient.page));
    const seats = await readAuthorityKeys(`${stage.data}/authority`, person.party.primitives);
    const seat = seats.find(({ organisation }) => organisation === 'insurer') ?? assert.fail();
    await redeemUnits(person.party, seat, redemption);
    await own.getByRole('button', { name: 'Refresh' }).click();
    await own.getByText('The account of one claim holds 20.00.').waitFor();
    // The browser tells of every 404: the verifier's own organisation has no receipt of the entry, and another one does.
    const complaints = verifier.complaints.filter((each) => !each.includes('404'));
    assert.deepEqual(complaints, []);
    await verifier.close();
    await own.getByRole('link', { name: '50.00 from Marek Novak' }).click();
    await own.getByRole('button', { name: 'End what Marek Novak may read' }).click();
    await own.getByRole('button', { name: 'Sign and end' }).click();
    await own.getByRole('button', { name: 'End what Marek Novak may read' }).waitFor();
    // It tells of every refusal as well.
    const others = insurer.complaints.filter((each) => !/status of 4\d\d/.test(each));
    assert.deepEqual(others, []);
    await openScreen(insurer.page, 'Claims');
    await desk.getByRole('button', { name: '50.00 for Ana Ferreira' }).click();
    await desk.getByText('Its papers cannot be read now.').waitFor();
    // The patient acts on two devices here, and one of them is told that the other was faster.
    const ofPatient = patient.complaints.filter((each) => !each.includes('409'));
    assert.deepEqual(ofPatient, []);
    await patient.close();
    await insurer.close();
  });

  it('is prepared by the doctor who treated, and made once the patient permitted it', async () => {
    const [doctor, patient] = [await stage.visit(NARROW), await stage.visit(NARROW)];
    await openChart(doctor.page, stage.url, 'Ana');
    await doctor.page.getByRole('link', { name: 'Add', exact: true }).click();
    await doctor.page.getByRole('link', { name: 'Make a claim' }).click();
    await untilSettled(doctor.page);
    const desk = doctor.page.locator('main');
    await desk.getByRole('heading', { name: 'Claim for Ana Ferreira' }).waitFor();
    await desk.getByLabel('Clara Moreau').check();
    await chooseUnclaimed(desk);
    await desk.getByLabel('Service 1', { exact: true }).fill('Surgery');
    await desk.getByLabel('Amount of service 1').fill('1200');
    await desk.getByRole('button', { name: 'Next' }).click();
    await desk.getByText('Nothing is claimed before Ana Ferreira permits').waitFor();
    await requireGood(doctor.page, 'prepare a claim');
    await desk.getByRole('button', { name: 'Sign and prepare' }).click();
    await desk.getByText('Bill and claim are on the chart').waitFor();
    // Nothing that was typed is lost by leaving before the file is saved.
    await openScreen(doctor.page, 'Patients');
    await doctor.page.locator('a.card', { hasText: 'Ana' }).click();
    await doctor.page.getByRole('link', { name: 'Add', exact: true }).click();
    await doctor.page.getByRole('link', { name: 'Make a claim' }).click();
    await desk.getByRole('heading', { name: 'Claim for Ana Ferreira' }).waitFor();
    await desk.getByRole('button', { name: 'Next' }).click();
    assert.equal(await desk.getByLabel('Service 1', { exact: true }).inputValue(), 'Surgery');
    await desk.getByRole('button', { name: 'Next' }).click();
    await desk.getByRole('button', { name: 'Sign and prepare' }).click();
    await desk.getByText('Bill and claim are on the chart').waitFor();
    const prepared = await saved(doctor.page);

    await openScreen(doctor.page, 'Claims');
    await desk.getByLabel('File that the patient permitted').setInputFiles(fileOf(prepared));
    await desk.getByText('The patient has not permitted this claim yet.').waitFor();
    await enterAs(patient.page, stage.url, 'hospital', 'Ana Ferreira');
    await openScreen(patient.page, 'Claims');
    const own = patient.page.locator('main');
    await own.getByRole('link', { name: 'Permit a prepared claim' }).click();
    await own.getByLabel('File from the doctor or hospital').setInputFiles(fileOf('{}'));
    await own.getByText('This is not the file of a claim for you').waitFor();
    await own.getByLabel('File from the doctor or hospital').setInputFiles(fileOf(prepared));
    await own.getByText('Dr. Lena Brandt wants to claim 1,200.00').waitFor();
    await own.getByRole('button', { name: 'Next' }).click();
    await own.getByText('Clara Moreau may read exactly these records').waitFor();
    await requireGood(patient.page, 'permit');
    await own.getByRole('button', { name: 'Sign and permit' }).click();
    await own.getByText('Give the file back to Dr. Lena Brandt.').waitFor();
    const permitted = await saved(patient.page);

    await desk.getByLabel('File that the patient permitted').setInputFiles(fileOf(permitted));
    await desk.getByRole('button', { name: 'Next' }).click();
    await requireGood(doctor.page, 'place');
    await desk.getByRole('button', { name: 'Sign and claim' }).click();
    await desk.getByText(/^Clara Moreau decides until /).waitFor();
    await openScreen(patient.page, 'Claims');
    await own.getByText('Made by Dr. Lena Brandt').waitFor();

    await desk.getByText('Nothing was altered: all').waitFor();
    const banner = doctor.page.locator('main > .patient-banner');
    await banner.getByText('Allergy to penicillin').waitFor();
    assert.match(await banner.innerText(), /^Ana Ferreira\s+Treatment\s+until /);
    await arrived(stage.url, 'insurer-2');
    const { party: insurer } = await openDemoVisitor(stage.url, 'insurer-2');
    const claim = await waitingClaim(insurer);
    const more = { outcome: 'ask', reason: 'more-needed', words: '<b>Which</b> result?' } as const;
    await decideClaim(insurer, claim, more);
    await desk.getByRole('button', { name: 'Refresh' }).click();
    await desk.getByText('Words of the insurer: “<b>Which</b> result?”').waitFor();
    await desk.getByRole('button', { name: 'Save the file' }).click();
    await desk.getByText('Fill in the fields above first.').waitFor();
    await desk
      .getByLabel(/^Laboratory results/)
      .first()
      .check();
    await requireGood(doctor.page, 'answer for a patient');
    const asked = await saved(doctor.page);
    const answering = desk.getByLabel('File that the patient permitted');
    await answering.setInputFiles(fileOf(permitted));
    await desk.getByText('This is not the file of a claim for you').waitFor();
    await answering.setInputFiles(fileOf(asked));
    await desk.getByText('The patient has not permitted this claim yet.').waitFor();
    await own.getByRole('link', { name: 'Permit a prepared claim' }).click();
    await own.getByLabel('File from the doctor or hospital').setInputFiles(fileOf(asked));
    await own.getByText('Dr. Lena Brandt wants to answer with further records').waitFor();
    await own.getByRole('button', { name: 'Next' }).click();
    await own.getByText('Clara Moreau may read these records too, for payment').waitFor();
    await requireGood(patient.page, 'permit an answer');
    await own.getByRole('button', { name: 'Sign and permit' }).click();
    await own.getByText('Give the file back to Dr. Lena Brandt.').waitFor();
    const given = await saved(patient.page);
    await answering.setInputFiles(fileOf(given));
    await desk.getByRole('button', { name: 'Next' }).click();
    await desk.getByText('You give Clara Moreau these records too').waitFor();
    await desk.getByText(/^• Laboratory results/).waitFor();
    await desk.getByRole('button', { name: 'Sign and answer' }).dblclick();
    await desk.getByText(/^Clara Moreau decides until /).waitFor();
    assert.equal(await answering.count(), 0, 'nothing is asked any more');
    const { facts } = await decideClaim(insurer, claim, { ...more, words: 'And which more?' });
    assert.equal(facts.step, 3, 'answered once');

    // The claim moves on while the doctor reads what is to be signed: the same was answered before, so nothing is sent.
    await desk.getByRole('button', { name: 'Refresh' }).click();
    await desk.getByText('Words of the insurer: “And which more?”').waitFor();
    await answering.setInputFiles(fileOf(given));
    await desk.getByRole('button', { name: 'Next' }).click();
    await withdrawClaim((await openDemoVisitor(stage.url, 'doctor')).party, claim);
    await desk.getByRole('button', { name: 'Sign and answer' }).click();
    await desk.getByText('Taken back.').waitFor();
    await own.getByLabel('File from the doctor or hospital').setInputFiles(fileOf(asked));
    await own.getByText('waits for no answer. Nothing is left to permit.').waitFor();
    await openScreen(doctor.page, 'Claims');
    await desk.getByLabel('File that the patient permitted').setInputFiles(fileOf(permitted));
    await desk.getByRole('link', { name: 'Open the claim' }).click();
    await desk.getByText('Taken back.').waitFor();
    for (const visit of [doctor, patient]) {
      assert.deepEqual(visit.complaints, []);
      await visit.close();
    }
  });
});
