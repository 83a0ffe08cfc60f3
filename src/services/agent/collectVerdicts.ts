import { bytesToHex, utf8ToBytes } from '../../crypto/bytes.ts';
import { inclusionProof } from '../../crypto/merkle/inclusionProof.ts';
import { leafHash } from '../../crypto/merkle/leafHash.ts';
import { memoryTree } from '../../crypto/merkle/memoryTree.ts';
import { fromProblem } from '../../errors/fromProblem.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { isNear, isPromise } from '../../protocol/acknowledgementCheck.ts';
import type { SignedVerdict } from '../../protocol/evidence.ts';
import { logOf, organisationsBehind } from '../../protocol/networkLookups.ts';
import { signerOf } from '../../protocol/signing.ts';
import type { JudgedBody, Judgement } from '../ports.ts';
import type { AgentContext } from './AgentContext.ts';

/** What the coordinators made of an array of bodies. */
export interface CollectedVerdicts {
  /** For each body the verdicts that cover it. */
  readonly verdicts: readonly (readonly SignedVerdict[])[];
  /** Bodies with fewer verdicts than the threshold, by their place, each with the first reason given. */
  readonly refusals: ReadonlyMap<number, MedsealError>;
}

/**
 * Has all coordinators of the channel judge an array of bodies, each for itself.
 *
 * @param agent - The agent's context.
 * @param bodies - What is to be judged.
 */
export async function collectVerdicts(
  agent: AgentContext,
  bodies: readonly JudgedBody[],
): Promise<CollectedVerdicts> {
  const { name } = agent.log.identity;
  const { channel } = logOf(agent.network, name);
  const leaves = bodies.map(({ body }) =>
    leafHash(agent.primitives, agent.primitives.sha256(utf8ToBytes(body))),
  );
  const answers = await Promise.allSettled(
    agent.coordinators.map(async (coordinator) => await coordinator.judge({ log: name, bodies })),
  );
  const verdicts: SignedVerdict[][] = bodies.map(() => []);
  const reasons = new Map<number, MedsealError>();
  for (const answer of answers) {
    if (answer.status === 'rejected') continue;
    // An answer that is not of the form of one counts as none.
    const refused = await addVerdict(agent, answer.value, leaves, verdicts).catch(() => []);
    for (const { index, problem } of refused) {
      if (!reasons.has(index)) reasons.set(index, fromProblem(problem));
    }
  }
  const refusals = new Map<number, MedsealError>();
  for (const [index, covering] of verdicts.entries()) {
    const got = organisationsBehind(
      channel,
      covering.map(({ coordinator }) => coordinator),
    );
    const needed = channel.threshold;
    if (got < needed) {
      const missing = new MedsealError('VERDICTS_MISSING', { got, needed });
      refusals.set(index, reasons.get(index) ?? missing);
    }
  }
  return { verdicts, refusals };
}

/**
 * Gives each entry that a coordinator judged its share of the verdict, where the verdict is what it must be.
 * @returns What it refused.
 */
async function addVerdict(
  agent: AgentContext,
  { refused, verdict: signed }: Judgement,
  leaves: readonly Uint8Array[],
  verdicts: SignedVerdict[][],
): Promise<Judgement['refused']> {
  const passed = new Set(refused.map(({ index }) => index));
  if (signed === undefined) return refused;
  const { verdict, coordinator, signature } = signed;
  const places = leaves.map((_, place) => place).filter((place) => !passed.has(place));
  const { primitives, log } = agent;
  const tree = memoryTree(
    primitives,
    leaves.filter((_, place) => !passed.has(place)),
  );
  if (verdict.log !== log.identity.id || verdict.size !== tree.size) return [];
  if (verdict.root !== bytesToHex(tree.root)) return [];
  if (!isPromise(verdict) || !isNear(verdict.at, agent.index.moment)) return [];
  if (signerOf(agent, 'Verdict', verdict, signature) !== coordinator) return [];
  for (const [index, place] of places.entries()) {
    const proof = await inclusionProof(primitives, tree.readHash, index, tree.size);
    verdicts[place]?.push({
      verdict,
      coordinator,
      signature,
      index,
      proof: proof.map(bytesToHex),
    });
  }
  return refused;
}
