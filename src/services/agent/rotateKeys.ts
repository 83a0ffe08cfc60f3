import type { Countersigned } from '../../bindings/Countersigned.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { CoordinatorSignature } from '../../protocol/evidence/evidence.ts';
import { succeeds } from '../../protocol/wire/succeeds.ts';
import { ZERO32, type Address, type Handle, type Hex } from '../../protocol/ids.ts';
import { lastEpoch } from '../../protocol/rights/lastEpoch.ts';
import { logOf, organisationsBehind } from '../../protocol/network/networkLookups.ts';
import type { Advance } from '../../protocol/struct/requests.ts';
import { signerOf } from '../../protocol/struct/signing.ts';
import { dueEpoch } from '../dueEpoch.ts';
import { askQuorum } from '../quorum/askQuorum.ts';
import { fulfilled } from '../quorum/fulfilled.ts';
import type { AgentContext } from './AgentContext.ts';

/** Seconds in which the coordinators' signatures can be brought to the ledger. */
const WINDOW = 300;
/** Largest number of epochs in one transaction. */
const AT_ONCE = 16;

/**
 * Has a patient enter the next epoch if a right has ended otherwise than by a `Revoke`, with or without the patient: k
 * coordinators sign it, each by its own view, and the administrator carries it.
 *
 * @param agent - The agent's context.
 * @param handle - The patient.
 * @param at - The moment, Unix seconds.
 * @throws MedsealError `EPOCHS_EXHAUSTED` if the patient has not committed to that epoch; `VERDICTS_MISSING` if too few
 * coordinators agree.
 */
export async function rotateDueKeys(
  agent: AgentContext,
  handle: Handle,
  at: number,
): Promise<void> {
  const due = await dueEpoch(agent, handle, at);
  if (due > (agent.index.patient(handle)?.epoch ?? 0)) await rotateKeys(agent, handle, due);
}

/**
 * Does that up to an epoch that coordinators say is due.
 *
 * @param agent - The agent's context.
 * @param handle - The patient.
 * @param to - The epoch.
 * @throws MedsealError as `rotateDueKeys`.
 */
export async function rotateKeys(agent: AgentContext, handle: Handle, to: number): Promise<void> {
  await agent.turning.run(handle, async () => {
    await agent.index.refresh();
    const patient = agent.index.patient(handle);
    if (patient === undefined || patient.epoch >= to) return;
    if (to > lastEpoch(patient)) throw new MedsealError('EPOCHS_EXHAUSTED', {});
    for (let epoch = patient.epoch; epoch < to; epoch = agent.index.patient(handle)?.epoch ?? to) {
      const many = Math.min(AT_ONCE, to - epoch);
      try {
        await enterEpochs(agent, handle, epoch + 1, many);
      } catch (error) {
        // Coordinators that know of keys for fewer epochs agree that far, one after another.
        if (many === 1 || !isMedsealError(error, 'VERDICTS_MISSING')) throw error;
        await enterEpochs(agent, handle, epoch + 1, 1);
      }
    }
  });
}

async function enterEpochs(
  agent: AgentContext,
  handle: Handle,
  first: number,
  count: number,
): Promise<void> {
  const deadline = agent.index.moment + WINDOW;
  const messages = Array.from({ length: count }, (_, place) => {
    return { handle, epoch: first + place, packets: ZERO32, deadline };
  });
  const requests = await countersigned(agent, messages);
  const answers = await agent.administrator.carry('Advance', requests);
  const refusal = answers.find((answer) => answer instanceof MedsealError);
  await agent.index.refresh();
  // Another organisation's agent may have been faster.
  if (refusal !== undefined && (agent.index.patient(handle)?.epoch ?? 0) < first) throw refusal;
}

async function countersigned(
  agent: AgentContext,
  messages: readonly Advance[],
): Promise<readonly Countersigned<'Advance'>[]> {
  const { channel } = logOf(agent.network, agent.log.identity.name);
  const needed = channel.thresholds.writes;
  const answers = await askQuorum(agent, agent.coordinators, {
    ask: async (coordinator) => await coordinator.advance(messages),
    least: needed,
    isDecided: (given, left, hopeful) => {
      const got = organisationsBehind(channel, [...signaturesIn(agent, messages, given).keys()]);
      if (got >= needed || got + left < needed) return true;
      return given.some(isEarly) && got + hopeful < needed;
    },
  });
  const byCoordinator = signaturesIn(agent, messages, answers);
  const signers = channel.coordinators
    .map(({ address }) => address)
    .filter((address) => byCoordinator.has(address));
  const got = organisationsBehind(channel, signers);
  if (got < needed) throw new MedsealError('VERDICTS_MISSING', { got, needed });
  return messages.map((message, place) => ({
    message,
    signatures: signers.toSorted().map((signer) => byCoordinator.get(signer)?.[place] ?? '0x'),
  }));
}

/**
 * Tells whether a coordinator knows of no end: it is asked again with the next entry, and nobody waits for a silent
 * one.
 */
function isEarly(answer: PromiseSettledResult<unknown>): boolean {
  return answer.status === 'rejected' && isMedsealError(answer.reason, 'NOT_YET');
}

/** Returns the signatures of the coordinators that signed all messages, by their addresses, in the messages' order. */
function signaturesIn(
  agent: AgentContext,
  messages: readonly Advance[],
  answers: readonly PromiseSettledResult<readonly CoordinatorSignature[]>[],
): ReadonlyMap<Address, readonly Hex[]> {
  const byCoordinator = new Map<Address, readonly Hex[]>();
  for (const signed of fulfilled(answers)) {
    if (!succeeds(() => areSigned(agent, messages, signed))) continue;
    const [first] = signed;
    if (first !== undefined) {
      byCoordinator.set(
        first.coordinator,
        signed.map(({ signature }) => signature),
      );
    }
  }
  return byCoordinator;
}

function areSigned(
  agent: AgentContext,
  messages: readonly Advance[],
  signed: readonly CoordinatorSignature[],
): boolean {
  const [first] = signed;
  return (
    signed.length === messages.length &&
    messages.every((message, place) => {
      const { coordinator, signature = '0x' } = signed[place] ?? {};
      const signer = signerOf(agent, 'Advance', message, signature);
      return signer === coordinator && signer === first?.coordinator;
    })
  );
}
