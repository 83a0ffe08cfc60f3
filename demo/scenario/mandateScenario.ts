import { readAudit } from '../../src/client/audit/readAudit.ts';
import { submitEvidence } from '../../src/client/agent/submit.ts';
import { actFor } from '../../src/client/mandates/actFor.ts';
import { resignMandate } from '../../src/client/mandates/endMandate.ts';
import { giveMandate } from '../../src/client/mandates/giveMandate.ts';
import type { MandateOffer } from '../../src/client/mandates/MandateOffer.ts';
import { offerMandate } from '../../src/client/mandates/offerMandate.ts';
import { changeKey } from '../../src/client/party/changeKey.ts';
import type { Party } from '../../src/client/party/Party.ts';
import type { LoggedVersion } from '../../src/client/records/logVersion.ts';
import { readRecord } from '../../src/client/records/readRecord.ts';
import { grantRight } from '../../src/client/rights/grantRight.ts';
import { readPatientState } from '../../src/client/state/PatientState.ts';
import { restorePatient } from '../../src/client/state/restorePatient.ts';
import { bytesToHex } from '../../src/crypto/bytes.ts';
import { seconds } from '../../src/protocol/Clock.ts';
import { ZERO32 } from '../../src/protocol/ids.ts';
import { sign } from '../../src/protocol/struct/signing.ts';
import type { CastMember, CustodyCast } from './Cast.ts';
import { addLetter, listedAs, missing, readLetter, LETTER_CATEGORY } from './chartLetters.ts';
import type { PassTime } from './HeldClock.ts';
import { endOfMandate, type MandatePlayed } from './endOfMandate.ts';
import { readAfter } from './readAfter.ts';
import { stepOf } from './stepOf.ts';
import type { StepRunner } from './StepRunner.ts';

const PAPER = 'mandate';
const DAY = 86_400;
/** Days of the mother's mandate: more than those by which the ledger shows a later end. */
const DAYS = 200;

/**
 * Plays who acts for a patient: an offer, the powers of a mandate and their bounds, a second one within them, and their ends. No mandate of it stands at its end.
 *
 * @param runner - Does and notes the steps.
 * @param cast - The parties at their devices, enrolled; the son has an epoch.
 * @param passTime - Lets days pass; what needs them is left out if absent.
 * @throws UnexpectedOutcome at the first step that goes otherwise.
 */
export async function mandateScenario(
  runner: StepRunner,
  cast: CustodyCast,
  passTime?: PassTime,
): Promise<void> {
  const { son } = cast;
  const letter = await runner.accepted(
    stepOf('The son adds a letter to his chart', PAPER, son),
    async () => {
      const added = await addLetter(son.party, 'A blood count.');
      return { value: added, evidence: added.acknowledgement };
    },
  );
  const acting = await giveToMother(runner, cast);
  await actAsMother(runner, cast, acting, letter);
  await refuseToMother(runner, cast, acting);
  await appointAunt(runner, cast, acting);
  await endOfMandate(runner, cast, acting, passTime);
}

async function giveToMother(
  runner: StepRunner,
  { son, mother }: CustodyCast,
): Promise<MandatePlayed> {
  const { handle } = await readPatientState(son.party);
  const offer = await runner.accepted(
    stepOf('The mother offers to act for her son', PAPER, mother),
    async () => {
      const until = seconds(mother.party.clock) + DAYS * DAY;
      const wanted = { handle, reason: 'my son', until, audit: true, appoint: true };
      const value = await offerMandate(mother.party, wanted);
      return { value, detail: 'nothing changes until he gives it' };
    },
  );
  await runner.refused(
    stepOf('She acts before he gives it', PAPER, mother),
    ['RIGHT_MISSING'],
    async () => await actFor(mother.party, offer.mandate),
  );
  await runner.refused(
    stepOf('An offer reaches the son that somebody altered', PAPER, son),
    ['SIGNATURE_INVALID'],
    async () => {
      const terms = { ...offer.mandate.terms, until: offer.mandate.terms.until - DAY };
      return await giveMandate(son.party, { ...offer, mandate: { ...offer.mandate, terms } });
    },
  );
  await runner.refused(
    stepOf('The son gives an offer to act for another patient', PAPER, son),
    ['RIGHT_MISSING'],
    async () => {
      const { handle: other } = await readPatientState(mother.party);
      const { until } = offer.mandate.terms;
      const wrong = await offerMandate(mother.party, { handle: other, reason: 'my son', until });
      return await giveMandate(son.party, wrong);
    },
  );
  return await runner.accepted(
    stepOf('The son gives his mother the mandate', PAPER, son),
    async () => {
      const given = await giveMandate(son.party, offer);
      const party = await actFor(mother.party, offer.mandate);
      const detail = 'the ledger shows a second key, never whose it is';
      return { value: { given, offer, party }, txHash: given.transaction, detail };
    },
  );
}

async function actAsMother(
  runner: StepRunner,
  { son, mother, doctor }: CustodyCast,
  { given, party }: MandatePlayed,
  letter: LoggedVersion,
): Promise<void> {
  const { handle } = await readPatientState(son.party);
  await runner.accepted(stepOf('She reads his chart', PAPER, mother), async () => {
    await restorePatient(party);
    const read = await readLetter(party, letter);
    return { value: undefined, evidence: read, detail: 'signed by her own name' };
  });
  const right = await runner.accepted(
    stepOf('She lets a doctor read it', PAPER, mother),
    async () => {
      const value = await grantRight(party, {
        grantee: doctor.party.address,
        categories: [LETTER_CATEGORY],
        actions: ['read'],
        purpose: 'TREAT',
        until: seconds(party.clock) + DAY,
      });
      return { value, txHash: value.placed.transaction };
    },
  );
  await runner.accepted(stepOf('The doctor reads by that right', PAPER, doctor), async () => {
    const wanted = { handle, grant: right.grant, purpose: 'TREAT' } as const;
    const chart = await readAfter(doctor.party, wanted, [letter.acknowledgement]);
    const read = await readRecord(doctor.party, chart, listedAs(chart, letter));
    return { value: undefined, evidence: read.acknowledgement };
  });
  await runner.accepted(
    stepOf('She sees who saw what, the doctor among them', PAPER, mother),
    async () => {
      const { logs } = await readAudit(party);
      const requests = logs.flatMap(({ events }) => events).map(({ body }) => body?.request);
      const theirs = requests.filter((each) => each?.party === doctor.party.address);
      if (theirs.length === 0) throw missing('the doctor in the audit');
      return { value: undefined, detail: `${theirs.length} requests of the doctor` };
    },
  );
  await runner.accepted(
    stepOf('The son’s audit names his mother, and the mandate she acts by', PAPER, son),
    async () => {
      await restorePatient(son.party);
      const { logs } = await readAudit(son.party);
      const requests = logs.flatMap(({ events }) => events).map(({ body }) => body?.request);
      const hers = requests.filter((each) => each?.party === mother.party.address);
      const named = hers.filter((each) => {
        return (
          each !== undefined && 'grant' in each.message && each.message.grant === given.mandate
        );
      });
      if (named.length === 0) throw missing('the mother in the audit');
      return { value: undefined, detail: `${named.length} requests by that mandate` };
    },
  );
}

/** A mandate gives no writing and no erasing, and not the patient's key. */
async function refuseToMother(
  runner: StepRunner,
  { mother }: CustodyCast,
  { party }: MandatePlayed,
): Promise<void> {
  await runner.refused(
    stepOf('She writes a record by the mandate', PAPER, mother),
    ['RIGHT_MISSING'],
    async () => await addLetter(party, 'By another hand.'),
  );
  await runner.refused(
    stepOf('She erases by it', PAPER, mother),
    ['RIGHT_MISSING'],
    // Sent to the node as it is: whoever has the keys does not ask the library.
    async () => {
      const { handle } = await readPatientState(party);
      const erase = {
        log: party.log,
        handle,
        category: LETTER_CATEGORY,
        epoch: 1,
        grant: ZERO32,
      } as const;
      const deadline = seconds(party.clock) + 300;
      const salt = bytesToHex(party.random(16));
      const asked = { ...erase, purpose: 'PATRQT', deadline, salt } as const;
      return await submitEvidence(party, 'Erase', asked);
    },
  );
  await runner.refused(
    stepOf('She changes his key by it', PAPER, mother),
    ['RIGHT_MISSING'],
    async () => await changeKey(party, party.random(32)),
  );
}

async function appointAunt(
  runner: StepRunner,
  { son, mother, aunt, doctor }: CustodyCast,
  { party, offer: own }: MandatePlayed,
): Promise<void> {
  const { handle } = own.mandate;
  const until = seconds(aunt.party.clock) + DAY;
  const offered = async (
    { party: by }: CastMember,
    wanted: { readonly until: number; readonly appoint?: boolean },
  ): Promise<MandateOffer> => await offerMandate(by, { handle, reason: 'cover', ...wanted });
  await runner.refused(
    stepOf('She appoints the aunt with more than she may pass on', PAPER, mother),
    ['RULE_REFUSED'],
    async () => await sent(party, await offered(aunt, { until, appoint: true })),
  );
  await runner.refused(
    stepOf('She appoints the aunt for longer than herself', PAPER, mother),
    ['RULE_REFUSED'],
    async () => await sent(party, await offered(aunt, { until: own.mandate.until + DAY })),
  );
  const auntForSon = await runner.accepted(
    stepOf('She appoints the aunt for a day, who reads his chart', PAPER, aunt),
    async () => {
      const offer = await offered(aunt, { until });
      const { transaction } = await giveMandate(party, offer);
      const value = await actFor(aunt.party, offer.mandate);
      await restorePatient(value);
      const chart = await readAfter(value, { handle, purpose: 'PATRQT' }, []);
      return { value, txHash: transaction, evidence: chart.acknowledgement };
    },
  );
  await runner.refused(
    stepOf('The aunt sees who saw what, which nobody let her', PAPER, aunt),
    ['RIGHT_MISSING'],
    async () => await readAudit(auntForSon),
  );
  await runner.refused(
    stepOf('The aunt appoints the doctor in turn', PAPER, aunt),
    ['SIGNATURE_INVALID'],
    async () => await sent(auntForSon, await offered(doctor, { until })),
  );
  await runner.accepted(stepOf('The aunt lays her mandate down', PAPER, aunt), async () => {
    const { transaction } = await resignMandate(auntForSon);
    return { value: undefined, txHash: transaction };
  });
  await runner.refused(
    stepOf('The aunt reads his chart after that', PAPER, aunt),
    ['RIGHT_ENDED'],
    async () => await readAfter(auntForSon, { handle, purpose: 'PATRQT' }, []),
  );
  await restorePatient(son.party);
}

/** Sends a mandate to the node as it is. */
async function sent(by: Party, { mandate }: MandateOffer): Promise<unknown> {
  return await by.agent.mandate(sign(by, by, 'Mandate', mandate));
}
