import { hexToBytes } from '../../../../src/crypto/bytes.ts';
import { verifyConsistency } from '../../../../src/crypto/merkle/verifyConsistency.ts';
import type { Primitives } from '../../../../src/crypto/Primitives.ts';
import { isMedsealError } from '../../../../src/errors/isMedsealError.ts';
import type { AgentPort } from '../../../../src/protocol/AgentPort.ts';
import type { SignedCheckpoint } from '../../../../src/protocol/evidence/evidence.ts';
import type { LogName, Organisation } from '../../../../src/protocol/ids.ts';
import type { NetworkFile } from '../../../../src/protocol/network/NetworkFile.ts';
import { readCheckpoint, type ReadCheckpoint } from '../../session/readCheckpoint.ts';

/** Calls of an agent that the comparison makes. */
export type CopySource = Pick<AgentPort, 'checkpoint' | 'consistency'>;

/** Newest checkpoint of a log that one organisation serves, next to the longest one. */
export type LogCopy = { readonly at: Organisation } & (
  | { readonly state: 'newest'; readonly size: number }
  | { readonly state: 'behind'; readonly size: number; readonly missing: number }
  /**
   * `differs`: it is signed, and so is another root of as many entries. `unproven`: nobody proved that it is the beginning
   * of the longest, which says nothing about who is at fault. `invalid`: its signatures do not hold.
   */
  | { readonly state: 'none' | 'silent' | 'invalid' | 'unproven' | 'differs' }
);

/** Result of all comparisons: the worst, or that there was nothing to compare. */
export type CopiesVerdict = 'bad' | 'silent' | 'unproven' | 'behind' | 'alike' | 'sole' | 'none';

/** A log as the organisations that were asked serve it. */
export interface LogCompared {
  readonly log: LogName;
  /** Entries that the longest valid checkpoint covers; 0 without one. */
  readonly size: number;
  /** Coordinators that signed it. */
  readonly signers: number;
  readonly copies: readonly LogCopy[];
}

/** A checkpoint that an organisation serves, and that a quorum signed. */
interface Served extends ReadCheckpoint {
  readonly at: Organisation;
  readonly agent: CopySource;
}

/**
 * Compares the newest checkpoints of all logs as organisations serve them. Each signature is verified, and of a shorter
 * checkpoint any organisation may prove that it is the beginning of the longest.
 *
 * @param primitives - Hashes and the curve.
 * @param network - The pinned network file.
 * @param sources - Agents of the organisations that can be asked, by name.
 * @returns Each log of each channel, in the order of the network file.
 */
export async function compareCopies(
  primitives: Primitives,
  network: NetworkFile,
  sources: ReadonlyMap<Organisation, CopySource>,
): Promise<readonly LogCompared[]> {
  const logs = network.channels.flatMap(({ logs: own, coordinators }) => {
    const keepers = new Set(coordinators.map(({ organisation }) => organisation));
    return own.map(({ name }) => ({ name, keepers }));
  });
  return await Promise.all(logs.map(async ({ name, keepers }) => await compare(name, keepers)));

  async function compare(log: LogName, keepers: ReadonlySet<Organisation>): Promise<LogCompared> {
    const asked = [...sources].filter(([organisation]) => keepers.has(organisation));
    const answers = await Promise.all(
      asked.map(async ([at, agent]) => await newestAt(at, agent, log)),
    );
    const served = answers
      .filter((each) => 'checkpoint' in each)
      .toSorted((one, other) => other.checkpoint.size - one.checkpoint.size);
    const copies = await Promise.all(
      answers.map(async (each) => {
        if ('checkpoint' in each) return await compared(each, served);
        const missing = served[0]?.checkpoint.size ?? 0;
        const isBehind = each.state === 'none' && missing > 0;
        return isBehind ? ({ at: each.at, state: 'behind', size: 0, missing } as const) : each;
      }),
    );
    return {
      log,
      size: served[0]?.checkpoint.size ?? 0,
      signers: served[0]?.signers.length ?? 0,
      copies,
    };
  }

  async function newestAt(
    at: Organisation,
    agent: CopySource,
    log: LogName,
  ): Promise<Served | (LogCopy & { readonly state: 'none' | 'silent' | 'invalid' })> {
    try {
      return { at, agent, ...(await readCheckpoint(primitives, { agent, network }, log)) };
    } catch (error) {
      if (isMedsealError(error, 'EVIDENCE_INVALID')) return { at, state: 'invalid' };
      const isNone = isMedsealError(error, 'NOT_YET') || isMedsealError(error, 'NOT_FOUND');
      return { at, state: isNone ? 'none' : 'silent' };
    }
  }

  async function compared(copy: Served, served: readonly Served[]): Promise<LogCopy> {
    const { at, checkpoint } = copy;
    const { size, root } = checkpoint;
    const rival = served.find((each) => {
      return each.checkpoint.size === size && each.checkpoint.root !== root;
    });
    if (rival !== undefined) return { at, state: 'differs' };
    const longest = served[0]?.checkpoint ?? checkpoint;
    if (size === longest.size) return { at, state: 'newest', size };
    for (const { agent } of served) {
      if (await isBeginning(agent, checkpoint, longest)) {
        return { at, state: 'behind', size, missing: longest.size - size };
      }
    }
    return { at, state: 'unproven' };
  }

  async function isBeginning(
    agent: CopySource,
    { log, size, root }: SignedCheckpoint,
    longest: SignedCheckpoint,
  ): Promise<boolean> {
    try {
      const { proof } = await agent.consistency({ log, from: size, to: longest.size });
      return verifyConsistency(primitives, {
        first: size,
        second: longest.size,
        firstRoot: hexToBytes(root),
        secondRoot: hexToBytes(longest.root),
        proof: proof.map((hash) => hexToBytes(hash)),
      });
    } catch {
      // Another organisation may have a proof.
      return false;
    }
  }
}

/**
 * Sums up comparisons of logs.
 *
 * @param logs - The logs, compared.
 */
export function verdictOf(logs: readonly LogCompared[]): CopiesVerdict {
  const states = new Set(logs.flatMap(({ copies }) => copies.map(({ state }) => state)));
  if (states.has('invalid') || states.has('differs')) return 'bad';
  for (const state of ['silent', 'unproven', 'behind'] as const)
    if (states.has(state)) return state;
  if (!states.has('newest')) return 'none';
  const isCompared = ({ copies }: LogCompared): boolean => {
    return copies.filter(({ state }) => state === 'newest').length > 1;
  };
  return logs.some(isCompared) ? 'alike' : 'sole';
}
