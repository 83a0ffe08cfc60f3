import { encodeRequests } from '../../bindings/encodeRequests.ts';
import { malformed } from '../../errors/malformed.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { VitalAsked } from '../../protocol/AgentPort.ts';
import type { LedgerPlace } from '../../protocol/evidence/evidence.ts';
import type { Address } from '../../protocol/ids.ts';
import { requireEnrolled } from '../../protocol/evidence/judgeEvidence.ts';
import { requireActive } from '../../protocol/rights/judgeRight.ts';
import { parseSigned } from '../../protocol/struct/parseSigned.ts';
import { MAX_DEADLINE_AHEAD, requireTimely } from '../../protocol/evidence/requireTimely.ts';
import type { Messages, Signed } from '../../protocol/struct/requests.ts';
import { digestOf, signerOf } from '../../protocol/struct/signing.ts';
import type { UndoVital } from '../../protocol/care/vitalRecords.ts';
import { VITAL_TYPES, type VitalType } from '../../protocol/struct/vitalTypes.ts';
import type { AgentContext } from './AgentContext.ts';
import { placeOnLedger } from './placeOnLedger.ts';
import { requireLinked } from './requireLinked.ts';
import { requireVitalRule } from './requireVitalRule.ts';

/** Seconds in which the second party can sign an undoing: a day, and what any deadline may be ahead. */
const WAIT_FOR_SECOND = 24 * 3600 + MAX_DEADLINE_AHEAD;

/**
 * Carries a birth or a death, what confirms or undoes it, or a will to the ledger. Signers, roles, organisations, the number of the step
 * and a mother's permission are verified here, so that nobody else's words cost a transaction; the contract decides. A repeat of one that the ledger
 * already has gets its first answer again.
 *
 * @param agent - The agent's context.
 * @param asked - Not trusted.
 * @throws MedsealError `CONTRACT_ABSENT`, `REQUEST_MALFORMED`, `PARTY_UNKNOWN`, `PARTY_SUSPENDED`, `SIGNATURE_INVALID`,
 * `REQUEST_LATE`, `REQUEST_EARLY`, `RIGHT_MISSING` if a patient's word is not that of the handle's patient, or a birth
 * names a mother without her permission; `QUOTA_SPENT`; `RULE_REFUSED` with the contract's reason, also for a report that the
 * ledger had and that was undone since.
 */
export async function placeVital(agent: AgentContext, asked: VitalAsked): Promise<LedgerPlace> {
  const { index, network } = agent;
  const to = network.contracts.vitalRecords;
  if (to === undefined) throw new MedsealError('CONTRACT_ABSENT', { contract: 'vital records' });
  const request = parseSigned(asked?.request, VITAL_TYPES);
  const { handle } = request.message;
  return await placeOnLedger(agent, {
    about: handle,
    authenticate: () => {
      requireAuthentic(agent, request, asked.second, 'ever');
      const isLate = request.message.deadline < index.moment;
      agent.accounts.note(request.party, vitalPlace(agent, request) !== undefined || isLate);
    },
    known: () => vitalPlace(agent, request),
    call: () => {
      requireAuthentic(agent, request, asked.second, 'present');
      requireActive(index, request.party);
      const ahead = request.type === 'UndoVital' ? WAIT_FOR_SECOND : undefined;
      requireTimely(request.message.deadline, index.moment, ahead);
      requireVitalRule(index, request, index.moment);
      requireLinked(agent, request, asked.link);
      agent.vitalRecords.take(request.party);
      const carried = { ...request, cosignature: asked.second };
      return { to, data: encodeRequests(agent.primitives, request.type, [carried]) };
    },
  });
}

/** The party that a request says it is of, and whoever signs beside it, signed it. */
function requireAuthentic(
  agent: AgentContext,
  { type, party, message, signature }: Signed<VitalType>,
  second: unknown,
  keys: 'present' | 'ever',
): void {
  const { index } = agent;
  const controller = index.patient(message.handle)?.controller;
  if (controller === undefined) throw new MedsealError('NOT_FOUND', { what: 'patient' });
  const author = authorOf(type, message) ?? controller;
  if (author !== party) throw new MedsealError('RIGHT_MISSING', {});
  requireSignedBy(agent, { party, keys }, type, message, signature);
  if (type !== 'UndoVital') {
    if (second !== undefined) throw malformed('second');
    return;
  }
  const other = (message as UndoVital).second;
  const beside = typeof second === 'string' ? second : '0x';
  requireSignedBy(agent, { party: other, keys }, type, message, beside);
}

/** The party that a message names as its author; undefined for a patient's own word. */
function authorOf(type: VitalType, message: Messages[VitalType]): Address | undefined {
  const { reporter, confirmer, first } = message as Partial<
    Messages['Birth'] & Messages['ConfirmVital'] & Messages['UndoVital']
  >;
  if (type === 'ObjectToVital' || type === 'Will') return undefined;
  return reporter ?? confirmer ?? first;
}

function requireSignedBy(
  agent: AgentContext,
  { party, keys }: { readonly party: Address; readonly keys: 'present' | 'ever' },
  type: VitalType,
  message: Messages[VitalType],
  signature: string,
): void {
  const present = requireEnrolled(agent.index, party);
  if (!/^0x[0-9a-f]{130}$/.test(signature)) throw new MedsealError('SIGNATURE_INVALID', {});
  const signer = signerOf(agent, type, message as never, signature as `0x${string}`);
  const known = keys === 'ever' ? agent.index.signersOf(party) : [present];
  if (known.includes(signer)) return;
  throw new MedsealError('SIGNATURE_INVALID', {});
}

/** Place of a request that the ledger has; a report or a confirmation that was undone since does not stand. */
function vitalPlace(
  agent: AgentContext,
  { type, message }: Signed<VitalType>,
): LedgerPlace | undefined {
  const { vital } = agent.index;
  const life = vital.life(message.handle);
  if (type === 'ConfirmVital') {
    const { what, step, report, confirmer } = message as Messages['ConfirmVital'];
    return life[what].report === report ? vital.confirmed(report, step, confirmer) : undefined;
  }
  const digest = digestOf(agent, type, message as never);
  const isReport = type === 'Birth' || type === 'Death';
  if (isReport && life[type === 'Birth' ? 'birth' : 'death'].report !== digest) return undefined;
  return vital.place(digest);
}
