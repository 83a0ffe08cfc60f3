import { readAudit } from '../../src/client/audit/readAudit.ts';
import { actFor } from '../../src/client/mandates/actFor.ts';
import { endMandate } from '../../src/client/mandates/endMandate.ts';
import { giveMandate, type MandateGiven } from '../../src/client/mandates/giveMandate.ts';
import { listMandates } from '../../src/client/mandates/listMandates.ts';
import type { MandateOffer } from '../../src/client/mandates/MandateOffer.ts';
import { offerMandate } from '../../src/client/mandates/offerMandate.ts';
import type { Party } from '../../src/client/party/Party.ts';
import { fetchVersion } from '../../src/client/records/fetchVersion.ts';
import type { Chart, RecordOpener } from '../../src/client/records/readChart.ts';
import type { ChartRecord } from '../../src/client/records/viewChart.ts';
import { grantRight } from '../../src/client/rights/grantRight.ts';
import { readPatientState } from '../../src/client/state/PatientState.ts';
import { collectBytes } from '../../src/crypto/sealing/collectBytes.ts';
import { openBytes } from '../../src/crypto/sealing/openBytes.ts';
import { isMedsealError } from '../../src/errors/isMedsealError.ts';
import { seconds } from '../../src/protocol/Clock.ts';
import type { CustodyCast } from './Cast.ts';
import { addLetter, listedAs, LETTER_CATEGORY } from './chartLetters.ts';
import type { PassTime } from './HeldClock.ts';
import { readAfter } from './readAfter.ts';
import { stepOf } from './stepOf.ts';
import type { StepRunner } from './StepRunner.ts';

const PAPER = 'mandate';
const DAY = 86_400;
/** Days in which a patient can give what was offered. */
const OFFERED_DAYS = 7;
/** Number of epochs ahead whose keys are tried too. */
const AHEAD = 16;

/** A mandate that is given, and the party that acts by it. */
export interface MandatePlayed {
  readonly given: MandateGiven;
  readonly offer: MandateOffer;
  /** The representative, as who acts. */
  readonly party: Party;
}

/**
 * Plays the end of a mandate: by the patient, and by its date, with what its former holder is refused.
 *
 * @param runner - Does and notes the steps.
 * @param cast - The parties at their devices.
 * @param acting - The mother's mandate.
 * @param passTime - Lets days pass; what needs them is left out if absent.
 * @throws UnexpectedOutcome at the first step that goes otherwise.
 */
export async function endOfMandate(
  runner: StepRunner,
  cast: CustodyCast,
  acting: MandatePlayed,
  passTime?: PassTime,
): Promise<void> {
  await endByPatient(runner, cast, acting);
  if (passTime !== undefined) await endByDate(runner, cast, passTime);
}

async function endByPatient(
  runner: StepRunner,
  { son, mother, doctor }: CustodyCast,
  { given, offer, party }: MandatePlayed,
): Promise<void> {
  const { handle } = offer.mandate;
  const wanted = { handle, purpose: 'PATRQT' } as const;
  // She keeps all that she ever had: the chart with its keys.
  const kept = await readAfter(party, wanted, []);
  await runner.accepted(stepOf('The son ends his mother’s mandate', PAPER, son), async () => {
    const { transaction } = await endMandate(son.party, given.mandate);
    const standing = (await listMandates(son.party)).filter(({ state }) => state === 'active');
    const detail = `his keys turn; ${standing.length} mandates stand`;
    return { value: undefined, txHash: transaction, detail };
  });
  await runner.refused(
    stepOf('She reads his chart after that', PAPER, mother),
    ['RIGHT_ENDED'],
    async () => await readAfter(party, wanted, []),
  );
  await runner.refused(
    stepOf('She gives a right after that', PAPER, mother),
    ['RIGHT_ENDED'],
    async () =>
      await grantRight(party, {
        grantee: doctor.party.address,
        categories: [LETTER_CATEGORY],
        actions: ['read'],
        purpose: 'TREAT',
        until: seconds(party.clock) + DAY,
      }),
  );
  await runner.refused(
    stepOf('She sees who saw what after that', PAPER, mother),
    ['RIGHT_ENDED'],
    async () => await readAudit(party),
  );
  await runner.refused(
    stepOf('The son gives the same mandate again', PAPER, son),
    ['RIGHT_ENDED'],
    async () => await giveMandate(son.party, offer),
  );
  const later = await runner.accepted(
    stepOf('The son adds a letter after that', PAPER, son),
    async () => {
      const added = await addLetter(son.party, 'A later letter.');
      return { value: added, evidence: added.acknowledgement };
    },
  );
  await runner.refused(
    stepOf('Somebody leaks that sealed letter to her, with all she kept', PAPER, mother),
    ['SEAL_UNREADABLE'],
    async () => {
      const own = await readAfter(son.party, wanted, [later.acknowledgement]);
      const listed = listedAs(own, later);
      const { sealed } = await fetchVersion(son.party, own, listed);
      const file = await collectBytes(sealed.read());
      return await openBytes(openersIn(kept, listed), file);
    },
  );
}

/** All keys that a chart has for records of a category, those that are prepared ahead among them. */
function openersIn(chart: Chart, listed: ChartRecord): readonly RecordOpener[] {
  const epochs = Array.from({ length: listed.epoch + AHEAD }, (_, past) => past + 1);
  return epochs.flatMap((epoch) => {
    try {
      return [chart.openerFor({ ...listed, epoch })];
    } catch (error) {
      if (isMedsealError(error, 'KEY_PENDING')) return [];
      throw error;
    }
  });
}

async function endByDate(
  runner: StepRunner,
  { son, mother }: CustodyCast,
  passTime: PassTime,
): Promise<void> {
  const { handle } = await readPatientState(son.party);
  const offered = async (days: number): Promise<MandateOffer> => {
    const until = seconds(mother.party.clock) + days * DAY;
    return await offerMandate(mother.party, { handle, reason: 'while he travels', until });
  };
  const { brief, left } = await runner.accepted(
    stepOf('He gives her another for a day, and leaves an offer', PAPER, son),
    async () => {
      const offer = await offered(1);
      const { transaction } = await giveMandate(son.party, offer);
      const value = { brief: offer, left: await offered(30) };
      return { value, txHash: transaction };
    },
  );
  const party = await actFor(mother.party, brief.mandate);
  passTime(DAY);
  await runner.refused(
    stepOf('She reads his chart a day later, on a ledger that stands still', PAPER, mother),
    ['RIGHT_ENDED'],
    async () => await readAfter(party, { handle, purpose: 'PATRQT' }, []),
  );
  passTime(OFFERED_DAYS * DAY);
  await runner.refused(
    stepOf('The son gives what she offered more than a week ago', PAPER, son),
    ['RIGHT_ENDED'],
    async () => await giveMandate(son.party, left),
  );
}
