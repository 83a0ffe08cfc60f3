import { readCall } from '../../bindings/readCall.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { AgentPort, BegunRecovery } from '../../protocol/AgentPort.ts';
import { requireEnrolled } from '../../protocol/evidence/judgeEvidence.ts';
import { requireTimely } from '../../protocol/evidence/requireTimely.ts';
import type { Address } from '../../protocol/ids.ts';
import { LONGEST_RECOVERY } from '../../protocol/rights/isRecoveredBy.ts';
import { isSealedAhead } from './isSealedAhead.ts';
import { isRecoverable } from '../../protocol/rights/isRecoverable.ts';
import { parseMessage, parseRecovery, parseSigned } from '../../protocol/struct/parseSigned.ts';
import type { Signed, SignedRecovery } from '../../protocol/struct/requests.ts';
import { isOfShape } from '../../protocol/wire/isOfShape.ts';
import { ListOf, SIGNATURE } from '../../protocol/wire/findShapeError.ts';
import { malformed } from '../../errors/malformed.ts';
import { requireSignature } from '../requireSignature.ts';
import type { AgentContext } from './AgentContext.ts';
import { carrying, placeOnLedger, type Placing } from './placeOnLedger.ts';
import { signedByAuthority } from './signedByAuthority.ts';

const SIGNATURES = new ListOf(SIGNATURE, 64);

/**
 * The operations of an agent on recoveries of keys: to begin one, to tell who signed it, to stop it. Any agent takes those of
 * every party, so that no organisation can hold one back.
 *
 * @param agent - The agent's context.
 */
export function recoveryDoors(
  agent: AgentContext,
): Pick<AgentPort, 'recover' | 'recovery' | 'veto'> {
  return {
    recover: async (asked) => {
      const placing = recovery(agent, asked);
      await requireSealedAhead(agent, asked.message);
      return await placeOnLedger(agent, placing);
    },
    recovery: async (party) => await begunRecovery(agent, party),
    veto: async (asked) => await placeOnLedger(agent, veto(agent, asked)),
  };
}

/** A recovery, whoever brings it: k members of the authority signed it, and the key that it gives the party. */
function recovery(agent: AgentContext, asked: SignedRecovery): Placing {
  const { index } = agent;
  const { message, signatures: given, newSignature } = parseRecovery(asked);
  const signatures = signedByAuthority(agent, 'Recovery', message, given);
  const signed = { type: 'Recovery', message } as const;
  requireSignature(agent, signed, newSignature, (key) => key === message.signer);
  return {
    ...carrying(agent, 'Recovery', { message, signatures }),
    about: message.party,
    authenticate: () => requireEnrolled(index, message.party),
    known: () => {
      const begun = index.recovery(message.party);
      const isThis =
        begun?.change === message.change &&
        begun.signer === message.signer &&
        begun.recipient === message.recipient;
      return isThis ? { transaction: begun.transaction, block: begun.block } : undefined;
    },
    require: () => {
      const { role = 'none', key } = index.party(message.party) ?? {};
      if (!isRecoverable(agent.network, role)) throw new MedsealError('RECOVERY_UNFIT', { role });
      if (message.change !== (key?.change ?? 0) + 1) throw refused('ChangeUnexpected');
      requireTimely(message.deadline, index.moment, LONGEST_RECOVERY);
    },
  };
}

/** Requires of a patient's devices that they sealed their state ahead, as this node keeps it: else the new key would open nothing. */
async function requireSealedAhead(
  agent: AgentContext,
  { party, change }: SignedRecovery['message'],
): Promise<void> {
  const { index, deposits } = agent;
  await index.refresh();
  const { role, handle, key } = index.party(party) ?? {};
  if (role !== 'patient' || handle === undefined) return;
  const state = await deposits.state(handle);
  // The ledger takes no other number than the next one.
  const recovery = { handle, change: Math.min(change, (key?.change ?? 0) + 1) };
  if (state === undefined || !(await isSealedAhead(agent, recovery, state.sealed)))
    throw new MedsealError('RECOVERY_UNFIT', { role });
}

/** A veto of the party's present key: the one request that the ledger takes of a suspended party. */
function veto(agent: AgentContext, asked: Signed<'Veto'>): Placing {
  const { index } = agent;
  const request = parseSigned(asked, ['Veto']);
  const { party, message, signature } = request;
  if (party !== message.party) throw malformed('party');
  return {
    ...carrying(agent, 'Veto', { message, signature }),
    about: party,
    authenticate: () => {
      requireEnrolled(index, party);
      requireSignature(agent, request, signature, (key) => key === index.signerOf(party));
    },
    // It stops whichever recovery is under way: the next one too.
    known: () => undefined,
    require: () => {
      requireTimely(message.deadline, index.moment);
      if (index.party(party)?.recovery === undefined) throw refused('ChangeUnknown');
    },
  };
}

/** The recovery as its transaction has it: the ledger keeps who signed. */
async function begunRecovery(agent: AgentContext, party: Address): Promise<BegunRecovery> {
  const { index, ledger } = agent;
  await index.refresh();
  const begun = index.recovery(party);
  if (begun === undefined) throw new MedsealError('NOT_FOUND', { what: 'recovery' });
  const params = [begun.transaction];
  const transaction = await ledger.request({ method: 'eth_getTransactionByHash', params });
  const call = readCall((transaction as { readonly input?: unknown } | null)?.input);
  const [requests, signatures] = (call?.values ?? []).map(({ value }) => value);
  const messages = call?.name === 'recover' && Array.isArray(requests) ? requests : [];
  for (const [place, each] of (messages as readonly unknown[]).entries()) {
    const message = parseMessage('Recovery', each);
    const signed: unknown = Array.isArray(signatures) ? signatures[place] : undefined;
    const isThis = message.party === party && message.change === begun.change;
    if (isThis && isOfShape(SIGNATURES, signed)) return { message, signatures: signed };
  }
  throw new MedsealError('NOT_FOUND', { what: 'recovery' });
}

function refused(reason: string): MedsealError {
  return new MedsealError('RULE_REFUSED', { reason });
}
