import type { Countersigned } from '../../bindings/Countersigned.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { CoordinatorSignature } from '../../protocol/evidence.ts';
import { holds } from '../../protocol/holds.ts';
import { ZERO32, type Address, type Handle, type Hex } from '../../protocol/ids.ts';
import { lastEpoch } from '../../protocol/lastEpoch.ts';
import { logOf, organisationsBehind } from '../../protocol/networkLookups.ts';
import type { Advance } from '../../protocol/requests.ts';
import { signerOf } from '../../protocol/signing.ts';
import { dueEpoch } from '../dueEpoch.ts';
import { askQuorum } from '../quorum/askQuorum.ts';
import { fulfilled } from '../quorum/fulfilled.ts';
import type { AgentContext } from './AgentContext.ts';

/** How long the coordinators' signatures can be brought to the ledger, seconds. */
const WINDOW = 300;

/**
 * Has a patient enter the next epoch where a right has ended otherwise than by a `Revoke`, with or without the
 * patient: k coordinators sign it, each by its own view, and the administrator carries it.
 *
 * @param agent - The agent's context.
 * @param handle - The patient.
 * @param at - The moment, Unix seconds.
 * @throws MedsealError `EPOCHS_EXHAUSTED` where the patient has not committed to that epoch; `VERDICTS_MISSING` where
 * too few coordinators agree.
 */
export async function turnKeysWhereDue(
  agent: AgentContext,
  handle: Handle,
  at: number,
): Promise<void> {
  const due = await dueEpoch(agent, handle, at);
  if (due > (agent.index.patient(handle)?.epoch ?? 0)) await turnKeys(agent, handle, due);
}

/**
 * Does that up to an epoch that coordinators say is due.
 *
 * @param agent - The agent's context.
 * @param handle - The patient.
 * @param to - The epoch.
 * @throws MedsealError as `turnKeysWhereDue`.
 */
export async function turnKeys(agent: AgentContext, handle: Handle, to: number): Promise<void> {
  await agent.turning.run(handle, async () => {
    await agent.index.refresh();
    const patient = agent.index.patient(handle);
    if (patient === undefined || patient.epoch >= to) return;
    if (to > lastEpoch(patient)) throw new MedsealError('EPOCHS_EXHAUSTED', {});
    // One after another: coordinators that know of keys for fewer epochs agree that far.
    for (let epoch = patient.epoch + 1; epoch <= to; epoch++)
      await enterEpoch(agent, handle, epoch);
  });
}

async function enterEpoch(agent: AgentContext, handle: Handle, epoch: number): Promise<void> {
  const request = { handle, epoch, packets: ZERO32, deadline: agent.index.moment + WINDOW };
  const [refusal] = await agent.administrator.advance([await countersigned(agent, request)]);
  await agent.index.refresh();
  // Another organisation's agent may have been faster.
  if (refusal !== undefined && (agent.index.patient(handle)?.epoch ?? 0) < epoch) throw refusal;
}

async function countersigned(
  agent: AgentContext,
  message: Advance,
): Promise<Countersigned<'Advance'>> {
  const { channel } = logOf(agent.network, agent.log.identity.name);
  const needed = channel.thresholds.writes;
  const answers = await askQuorum(agent, agent.coordinators, {
    ask: async (coordinator) => await coordinator.advance([message]),
    least: needed,
    isDecided: (given, left, hopeful) => {
      const got = organisationsBehind(channel, [...signaturesIn(agent, message, given).keys()]);
      if (got >= needed || got + left < needed) return true;
      return given.some(isEarly) && got + hopeful < needed;
    },
  });
  const byCoordinator = signaturesIn(agent, message, answers);
  const signers = channel.coordinators
    .map(({ address }) => address)
    .filter((address) => byCoordinator.has(address));
  const got = organisationsBehind(channel, signers);
  if (got < needed) throw new MedsealError('VERDICTS_MISSING', { got, needed });
  const signatures = signers.toSorted().map((signer) => byCoordinator.get(signer) ?? '0x');
  return { message, signatures };
}

/** Whether a coordinator knows of no end: it is asked again with the next entry, and nobody waits for who is silent. */
function isEarly(answer: PromiseSettledResult<unknown>): boolean {
  return answer.status === 'rejected' && isMedsealError(answer.reason, 'NOT_YET');
}

/** What coordinators signed, by their addresses. */
function signaturesIn(
  agent: AgentContext,
  message: Advance,
  answers: readonly PromiseSettledResult<readonly CoordinatorSignature[]>[],
): ReadonlyMap<Address, Hex> {
  const signed = fulfilled(answers).flatMap(([each]) =>
    each !== undefined && holds(() => isSigned(agent, message, each)) ? [each] : [],
  );
  return new Map(signed.map(({ coordinator, signature }) => [coordinator, signature]));
}

function isSigned(
  agent: AgentContext,
  message: Advance,
  { coordinator, signature }: CoordinatorSignature,
): boolean {
  return signerOf(agent, 'Advance', message, signature) === coordinator;
}
