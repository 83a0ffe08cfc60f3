import { malformed } from '../../errors/malformed.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type {
  DepositedPacket,
  PartyCard,
  PatientDeposit,
  SignedApplication,
  Submission,
} from '../../protocol/AgentPort.ts';
import type { Handle } from '../../protocol/ids.ts';
import { keyAfter } from '../../protocol/rights/keyAfter.ts';
import { RULE_TYPES } from '../../protocol/struct/ledgerRequests.ts';
import { parseKeyChanges, parseSigned } from '../../protocol/struct/parseSigned.ts';
import type { End, Grant } from '../../protocol/struct/requests.ts';
import { requireActive } from '../../protocol/rights/judgeRight.ts';
import { requireOpenChart } from '../../protocol/rights/requireOpenChart.ts';
import { requireSoundTerms } from '../../protocol/network/requireSoundTerms.ts';
import { MAX_DEADLINE_AHEAD, requireTimely } from '../../protocol/evidence/requireTimely.ts';
import { recipientHash } from '../../protocol/rights/recipientHash.ts';
import { checkCare } from '../care/checkCare.ts';
import { checkApplication } from '../enrolment/checkApplication.ts';
import type { LedgerIndex } from '../LedgerIndex.ts';
import type { Deposit } from '../ports.ts';
import type { ServiceContext } from '../ServiceContext.ts';
import { authenticatePatient } from './authenticateRule.ts';
import { boundByPatient, boundBySubmission, cardBound } from './boundBy.ts';
import type { CheckedDeposit } from './DepositStore.ts';
import { learnFrom } from './learnMandates.ts';

/** Seconds for which an end of a right may wait for the ledger: 30 days, and as much as clocks differ. */
const END_TERM = 30 * 86_400 + MAX_DEADLINE_AHEAD;

/** A deposit that counts as one of the parties': any but a letter. */
export type PartyDeposit =
  { readonly submission: Submission } | Exclude<Deposit, { readonly letter: unknown }>;

/**
 * Returns what a node keeps with a request before the ledger changes. Each node checks it for itself, so that nobody
 * can have nodes keep what nobody signed, or lose what is another's.
 *
 * @param context - The node's own view.
 * @param deposit - Not trusted.
 * @param from - `peer` for a copy: the end of a right holds until the ledger has it, so its deadline may have passed.
 * @throws MedsealError that says why it is not kept.
 */
export function checkDeposit(
  context: ServiceContext,
  deposit: PartyDeposit,
  from: 'party' | 'peer' = 'party',
): CheckedDeposit {
  if ('application' in deposit) return appliedFor(context, deposit.application);
  if ('patient' in deposit) return ofPatient(context, deposit.patient);
  if ('card' in deposit) return ledgersCard(context, deposit.card);
  if ('care' in deposit) return { source: checkCare(context, deposit.care) };
  return attachmentsOf(context, deposit.submission, from);
}

function appliedFor(context: ServiceContext, signed: SignedApplication): CheckedDeposit {
  const { party, recipient } = checkApplication(context, signed);
  const known = context.index.party(party);
  if (known !== undefined && known.recipient !== recipient) {
    throw new MedsealError('ENROLMENT_REFUSED', { reason: 'the party has another recipient' });
  }
  return cardBound(context, { party, recipient: signed.card.recipient });
}

/** A card whose hash the Registry has, with what proves the party's present key, whoever brings it. */
function ledgersCard(context: ServiceContext, card: PartyCard): CheckedDeposit {
  const { party, recipient, keyChanges: given } = card ?? {};
  const known = context.index.party(party);
  const proof = given === undefined ? {} : { keyChanges: parseKeyChanges(given) };
  const fits =
    typeof recipient === 'string' &&
    recipientHash(context.primitives, recipient) === known?.recipient &&
    keyAfter(context, party, proof.keyChanges) === context.index.signerOf(party);
  if (!fits) throw malformed('card');
  return cardBound(context, { party, recipient, ...proof });
}

function ofPatient(context: ServiceContext, deposit: PatientDeposit): CheckedDeposit {
  const { index } = context;
  const { request, checked } = boundByPatient(context, deposit);
  const { handle, deadline } = request.message;
  requireTimely(deadline, index.moment);
  if (checked.state === undefined) throw malformed('state');
  if (checked.packets === undefined) throw malformed('packets');
  requireWanted(index, handle, checked.packets.packets);
  return checked;
}

function attachmentsOf(
  context: ServiceContext,
  submission: Submission,
  from: 'party' | 'peer',
): CheckedDeposit {
  const { index } = context;
  const given = parseSigned(submission?.request, RULE_TYPES);
  const { handle, deadline } = given.message;
  // The exact ends that come beside it tell if its signer acts.
  learnFrom(context, submission, handle);
  const request = authenticatePatient(context, given);
  const isEnd = request.type === 'End';
  const isLate = isEnd && from === 'peer' && deadline < index.moment;
  if (!isLate) requireTimely(deadline, index.moment, isEnd ? END_TERM : undefined);
  requireOpenChart(index, { type: request.type, handle });
  const present = index.patient(handle)?.epoch ?? 0;
  if (request.type === 'Revoke') {
    const { epoch } = request.message as { readonly epoch: number };
    // A present or past epoch has its packets.
    if (epoch <= present) throw new MedsealError('RULE_REFUSED', { reason: 'EpochUnexpected' });
  }
  if (isEnd) {
    // Nothing that a suspended patient's key signs counts, and here no contract says so.
    requireActive(index, request.party);
    const known = index.grantOnLedger((request.message as End).grant);
    if (known?.handle !== handle)
      throw new MedsealError('RULE_REFUSED', { reason: 'GrantUnknown' });
    if (known.state === 'ended') throw new MedsealError('RULE_REFUSED', { reason: 'GrantEnded' });
  }
  if (request.type === 'Grant') {
    // The ledger never sees the terms, so nodes judge them before the ledger is asked.
    const limits = { at: index.moment, longest: index.longestRight };
    requireSoundTerms((request.message as Grant).terms, limits);
  }
  const checked = boundBySubmission(context, submission, request);
  const packets = checked.packets?.packets ?? [];
  if (request.type === 'Grant') {
    const [packet] = packets;
    if (packet !== undefined && packet.epoch > present) throw malformed('packets');
    if (packet !== undefined && packet.epoch < present) {
      throw new MedsealError('EPOCH_STALE', { epoch: present });
    }
  } else requireWanted(index, handle, packets);
  return checked;
}

/** Requires that packets are for rights that hold, and for epochs that are not over; the device that sealed them may have been overtaken. */
function requireWanted(
  index: LedgerIndex,
  handle: Handle,
  packets: readonly DepositedPacket[],
): void {
  const present = index.patient(handle)?.epoch ?? 0;
  for (const { grant, epoch, packet } of packets) {
    const known = index.grant(grant);
    if (known?.handle !== handle) throw malformed('packets');
    // An empty packet takes another one back, of whatever epoch that is.
    const isOver = epoch < present && packet !== '';
    if (known.state !== 'active' || isOver)
      throw new MedsealError('EPOCH_STALE', { epoch: present });
  }
}
