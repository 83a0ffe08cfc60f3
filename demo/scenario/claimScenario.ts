import { decideClaim } from '../../src/client/care/claims/decideClaim.ts';
import { disputeClaim } from '../../src/client/care/claims/disputeClaim.ts';
import {
  examineDispute,
  judgeClaim,
  type DisputeExamined,
} from '../../src/client/care/claims/judgeClaim.ts';
import { drawnFor } from '../../src/client/care/claims/drawnFor.ts';
import { drawVerifiers } from '../../src/client/care/claims/drawVerifiers.ts';
import { lapseClaim } from '../../src/client/care/claims/lapseClaim.ts';
import { endClaimRights, permitClaim } from '../../src/client/care/claims/permitClaim.ts';
import {
  prepareClaim,
  type ClaimPrepared,
  type NewClaim,
} from '../../src/client/care/claims/prepareClaim.ts';
import { readClaim } from '../../src/client/care/claims/readClaims.ts';
import { submitClaim } from '../../src/client/care/claims/submitClaim.ts';
import { patiently } from '../../src/client/agent/patiently.ts';
import { checkInbox } from '../../src/client/care/inbox/checkInbox.ts';
import type { Party } from '../../src/client/party/Party.ts';
import { addRecord } from '../../src/client/records/addRecord.ts';
import { revokeRight } from '../../src/client/rights/revokeRight.ts';
import type { AuthorityKey } from '../../src/client/rights/signByMembers.ts';
import { issueUnits } from '../../src/client/care/units/issueUnits.ts';
import { bytesToHex } from '../../src/crypto/bytes.ts';
import { isMedsealError } from '../../src/errors/isMedsealError.ts';
import { MedsealError } from '../../src/errors/MedsealError.ts';
import { makeCoverage } from '../../src/fhir/claims/makeCoverage.ts';
import { requireSoundClaim } from '../../src/fhir/claims/requireSoundClaim.ts';
import { encodePart } from '../../src/fhir/encodePart.ts';
import { partOfResource } from '../../src/fhir/partOfResource.ts';
import { seconds } from '../../src/protocol/Clock.ts';
import type { Bytes32, Organisation, RecordId } from '../../src/protocol/ids.ts';
import { digestOf } from '../../src/protocol/struct/signing.ts';
import { CLAIM_PURPOSE } from '../../src/protocol/care/mostClaimRight.ts';
import type { Grant } from '../../src/protocol/struct/requests.ts';
import type { CareCast, CastMember } from './Cast.ts';
import { readAfter } from './readAfter.ts';
import { stepOf } from './stepOf.ts';
import type { StepRunner } from './StepRunner.ts';
import type { Visit } from './visitScenario.ts';

const YEAR = 365 * 86_400;
const PAPER = 'P3 claim';
const CURRENCY = 'EUR';
/** The bill, which is more than an insurer of a demonstration has at its start, and what it pays of it, in hundredths. */
const [BILLED, PAID] = [120_000, 90_000];

/** Key of a seat of the authority, with its organisation. */
export interface IssuerSeat extends AuthorityKey {
  readonly organisation: Organisation;
}

/**
 * Plays a claim for the visit: the patient permits it, the insurer approves a part or denies it, another insurer is shown a
 * higher bill, and a drawn verifier judges the dispute; with what must be refused.
 *
 * @param runner - Does and notes the steps.
 * @param cast - The parties at their devices, enrolled.
 * @param visit - The visit that is claimed.
 * @param authority - Keys of its seats; if it is empty, no units are issued, and the insurer denies.
 * @throws UnexpectedOutcome at the first step that goes otherwise.
 */
export async function claimScenario(
  runner: StepRunner,
  cast: CareCast,
  visit: Visit,
  authority: readonly IssuerSeat[],
): Promise<void> {
  const { patient, doctor, insurers, verifiers } = cast;
  const [insurer, rival] = insurers;
  const prepared = await preparedClaim(runner, cast, visit);
  const { digest } = prepared;
  const permits = await runner.accepted(
    stepOf('The patient lets the insurer read these records alone', PAPER, patient),
    async () => {
      const value = await permitClaim(patient.party, prepared);
      return { value, detail: `${value.length} rights, for payment` };
    },
  );
  await runner.accepted(
    stepOf('Coordinators vouch, and the claim is on the ledger', PAPER, doctor),
    async () => {
      const { facts } = await submitClaim(doctor.party, prepared, permits);
      return { value: undefined, detail: `${facts.state}: nobody learns which treatment it is` };
    },
  );
  await doubled(runner, cast, prepared, visit);
  await awaitCopy(insurer, prepared, permits);
  await altered(runner, insurer, digest);
  await runner.refused(
    stepOf('The other insurer decides it', PAPER, rival),
    ['NOT_FOUND'],
    async () => await decideClaim(rival.party, digest, { outcome: 'deny', reason: 'not-covered' }),
  );
  await decided(runner, insurer, digest, authority);
  await billedHigher(runner, cast, prepared, visit);
  await disputed(runner, doctor, insurer, verifiers, digest);
  await runner.accepted(
    stepOf('The patient ends what the insurer may read', PAPER, patient),
    async () => {
      const ended = await endClaimRights(patient.party, digest);
      return { value: undefined, detail: `${ended} rights ended` };
    },
  );
  await runner.refused(
    stepOf('The insurer looks after its claim is closed', PAPER, insurer),
    ['NOT_FOUND', 'RIGHT_ENDED'],
    async () => await readClaim(insurer.party, digest),
  );
}

/** The policy, the bill and the claim come to the chart; the claim waits for the patient. */
async function preparedClaim(
  runner: StepRunner,
  { patient, doctor, insurers }: CareCast,
  visit: Visit,
): Promise<ClaimPrepared> {
  const [insurer] = insurers;
  const { handle } = visit;
  const coverage = await runner.accepted(
    stepOf('The patient puts the policy on the chart', PAPER, patient),
    async () => {
      const { clock, random } = patient.party;
      const from = seconds(clock);
      const policy = {
        insurer: insurer.party.address,
        subscriberId: '4711',
        from,
        until: from + YEAR,
      };
      const resource = makeCoverage({ handle, ...policy });
      const content = encodePart(partOfResource(bytesToHex(random(16)), 'coverage', resource));
      const terms = { category: 'coverage', purpose: 'PATRQT' } as const;
      const added = await addRecord(patient.party, { handle, content, ...terms });
      return { value: added.record, evidence: added.acknowledgement };
    },
  );
  const prepared = await runner.accepted(
    stepOf('The doctor writes bill and claim', PAPER, doctor),
    async () => {
      const value = await prepareClaim(doctor.party, claimOf(visit, coverage, insurer));
      return { value, detail: `it rests on ${value.records.length} records` };
    },
  );
  await runner.refused(
    stepOf('The doctor claims before the patient permits it', PAPER, doctor),
    ['RIGHT_MISSING'],
    async () => await submitClaim(doctor.party, prepared),
  );
  return prepared;
}

function claimOf(
  { handle, grant, records }: Visit,
  coverage: RecordId,
  insurer: CastMember,
): NewClaim {
  const [treatment] = records;
  if (treatment === undefined) throw new MedsealError('NOT_FOUND', { what: 'record' });
  return {
    handle,
    insurer: insurer.party.address,
    coverage,
    treatment: treatment.record,
    lines: [{ service: 'Consultation', units: BILLED }],
    currency: CURRENCY,
    grant,
    purpose: 'TREAT',
  };
}

/** A claim doubled at two insurers. */
async function doubled(
  runner: StepRunner,
  { patient, doctor, insurers }: CareCast,
  { message }: ClaimPrepared,
  visit: Visit,
): Promise<void> {
  const [, rival] = insurers;
  let given: readonly Grant[] = [];
  await runner.refused(
    stepOf('The doctor claims the treatment of another insurer too', PAPER, doctor),
    ['RULE_REFUSED'],
    async () => {
      const second = claimOf(visit, message.terms.coverage, rival);
      const prepared = await prepareClaim(doctor.party, second);
      given = await permitClaim(patient.party, prepared);
      return await submitClaim(doctor.party, prepared, given);
    },
  );
  for (const grant of given)
    await revokeRight(patient.party, digestOf(patient.party, 'Grant', grant));
}

/** The insurer's node may not have its copy of the claim's entries yet. */
async function awaitCopy(
  { party }: CastMember,
  { message, entries }: ClaimPrepared,
  permits: readonly Grant[],
): Promise<void> {
  const { handle } = message.terms;
  const [grant] = permits;
  if (grant === undefined) throw new MedsealError('RIGHT_MISSING', {});
  await readAfter(party, { handle, grant, purpose: CLAIM_PURPOSE }, entries);
}

async function altered(runner: StepRunner, insurer: CastMember, digest: Bytes32): Promise<void> {
  const { party } = insurer;
  const read = await runner.accepted(
    stepOf('The insurer reads it, each paper as it was signed', PAPER, insurer),
    async () => {
      const value = await readClaim(party, digest);
      return { value, detail: `${value.records.length} records, and no others` };
    },
  );
  await runner.refused(
    stepOf('The bill is shown with another sum', PAPER, insurer),
    ['CLAIM_ALTERED'],
    async () => {
      const { primitives, network } = party;
      const bill = makeCheaper(read.bill);
      const papers = { claim: read.claim, bill, currency: CURRENCY };
      await Promise.resolve(requireSoundClaim(primitives, network.networkId, read.message, papers));
    },
  );
}

function makeCheaper<Bill extends object>(bill: Bill): Bill {
  return { ...bill, totalGross: { value: 1, currency: CURRENCY } };
}

async function decided(
  runner: StepRunner,
  insurer: CastMember,
  digest: Bytes32,
  authority: readonly IssuerSeat[],
): Promise<void> {
  const seat = authority.find(({ organisation }) => organisation === insurer.organisation);
  if (seat === undefined) {
    await runner.accepted(
      stepOf('The insurer denies it, with a reason', PAPER, insurer),
      async () => {
        const { facts } = await decideClaim(insurer.party, digest, {
          outcome: 'deny',
          reason: 'not-covered',
        });
        return { value: undefined, detail: facts.state };
      },
    );
    return;
  }
  await runner.refused(
    stepOf('The insurer approves what it does not have', PAPER, insurer),
    ['RULE_REFUSED'],
    async () => await decideClaim(insurer.party, digest, { outcome: 'approve', reason: 'covered' }),
  );
  await runner.accepted(
    stepOf('The authority issues units for money that it holds', 'P3 pay', insurer),
    async () => {
      const units = {
        organisation: seat.organisation,
        account: insurer.party.address,
        amount: PAID,
        // The scenario can be played again in the same network.
        again: true,
      };
      const { transaction } = await issueUnits(insurer.party, seat, units);
      return { value: undefined, txHash: transaction, detail: `${PAID} hundredths` };
    },
  );
  await runner.accepted(
    stepOf('The insurer approves a part, which is held until the term ends', 'P3 pay', insurer),
    async () => {
      const decision = { outcome: 'approve', reason: 'partly-covered', amount: PAID } as const;
      const { facts } = await decideClaim(insurer.party, digest, decision);
      return { value: undefined, detail: `${facts.approved} of ${facts.amount} hundredths` };
    },
  );
  await runner.refused(
    stepOf('The insurer approves it again', 'P3 pay', insurer),
    ['RULE_REFUSED'],
    async () => await decideClaim(insurer.party, digest, { outcome: 'approve', reason: 'covered' }),
  );
}

/** The same treatment, at a second insurer, with a higher bill that the patient did not sign. */
async function billedHigher(
  runner: StepRunner,
  { patient, doctor, insurers }: CareCast,
  { digest, message }: ClaimPrepared,
  visit: Visit,
): Promise<void> {
  const [, rival] = insurers;
  let given: readonly Grant[] = [];
  await runner.refused(
    stepOf('The doctor shows the second insurer a higher bill', PAPER, doctor),
    ['RULE_REFUSED'],
    async () => {
      const asked = claimOf(visit, message.terms.coverage, rival);
      const lines = [{ service: 'Consultation', units: 2 * BILLED }];
      const prepared = await prepareClaim(doctor.party, {
        ...asked,
        lines,
        follows: digest,
        amount: 1,
      });
      given = await permitClaim(patient.party, prepared);
      return await submitClaim(doctor.party, prepared, given);
    },
  );
  for (const grant of given)
    await revokeRight(patient.party, digestOf(patient.party, 'Grant', grant));
}

async function disputed(
  runner: StepRunner,
  doctor: CastMember,
  insurer: CastMember,
  [verifier, own]: CareCast['verifiers'],
  digest: Bytes32,
): Promise<void> {
  const reason = 'The treatment took place as it was billed.';
  await runner.accepted(
    stepOf('The doctor disputes the decision, which freezes what is held', PAPER, doctor),
    async () => {
      const { facts } = await disputeClaim(doctor.party, digest, { reason });
      return { value: undefined, detail: facts.state };
    },
  );
  await runner.refused(
    stepOf('Somebody ends the term before its time', PAPER, insurer),
    ['RULE_REFUSED'],
    async () => await lapseClaim(insurer.party, digest),
  );
  await runner.accepted(
    stepOf('The insurer opens its lot, and both lots draw a verifier', PAPER, insurer),
    async () => {
      const { facts } = await drawVerifiers(insurer.party, digest);
      return { value: undefined, detail: facts.state };
    },
  );
  await runner.accepted(
    stepOf('The doctor sends the evidence to whoever was drawn', PAPER, doctor),
    async () => {
      const { facts } = await drawVerifiers(doctor.party, digest);
      const { message } = await readClaim(doctor.party, digest);
      const [drawn] = await drawnFor(doctor.party, message, facts);
      if (drawn !== verifier.party.address)
        throw new MedsealError('NOT_FOUND', { what: 'verifier' });
      return { value: undefined, detail: `a verifier of ${verifier.organisation}` };
    },
  );
  await runner.refused(
    stepOf('A verifier who was not drawn judges', PAPER, own),
    ['NOT_FOUND'],
    async () => await examineDispute(own.party, digest),
  );
  await runner.accepted(
    stepOf('The verifier computes the log again, and judges', 'P3 judge', verifier),
    async () => {
      const shown = await disputeShown(verifier.party, digest);
      const { examined, facts } = await judgeClaim(verifier.party, digest, shown);
      if (!examined.safe) throw new MedsealError('EVIDENCE_INVALID', { reason: examined.reason });
      return {
        value: undefined,
        detail: `Safe, ${examined.log}#${examined.block}; the claim is ${facts.state}, and can be appealed`,
      };
    },
  );
}

/** Examines a dispute once its letter is there: the drawn verifier's node may be the last that gets it. */
async function disputeShown(verifier: Party, digest: Bytes32): Promise<DisputeExamined> {
  const shown = await patiently(verifier, async () => {
    await checkInbox(verifier);
    return await examineDispute(verifier, digest).catch((error: unknown) => {
      if (isMedsealError(error, 'NOT_FOUND')) return undefined;
      throw error;
    });
  });
  if (shown === undefined) throw new MedsealError('NOT_FOUND', { what: 'dispute' });
  return shown;
}
