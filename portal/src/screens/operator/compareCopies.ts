import { hexToBytes } from '../../../../src/crypto/bytes.ts';
import { verifyConsistency } from '../../../../src/crypto/merkle/verifyConsistency.ts';
import type { Primitives } from '../../../../src/crypto/Primitives.ts';
import { isMedsealError } from '../../../../src/errors/isMedsealError.ts';
import type { AgentPort } from '../../../../src/protocol/AgentPort.ts';
import { domainOf } from '../../../../src/protocol/domainOf.ts';
import type { SignedCheckpoint } from '../../../../src/protocol/evidence.ts';
import type { Bytes32, LogName, Organisation } from '../../../../src/protocol/ids.ts';
import type { NetworkFile } from '../../../../src/protocol/NetworkFile.ts';
import { verifyCheckpoint } from '../../../../src/protocol/verifyCheckpoint.ts';

/** Calls of an agent that the comparison makes. */
export type CopySource = Pick<AgentPort, 'checkpoint' | 'consistency'>;

/** Newest checkpoint of a log that one organisation serves, next to the longest one. */
export type LogCopy = { readonly at: Organisation } & (
  | { readonly state: 'newest'; readonly size: number }
  | { readonly state: 'behind'; readonly size: number; readonly missing: number }
  /** `differs`: it is signed, and is not the beginning of the longest. `invalid`: its signatures do not hold. */
  | { readonly state: 'none' | 'silent' | 'invalid' | 'differs' }
);

/** A log as the organisations that were asked serve it. */
export interface LogCompared {
  readonly log: LogName;
  /** Entries that the longest valid checkpoint covers; 0 without one. */
  readonly size: number;
  /** Coordinators that signed it. */
  readonly signers: number;
  readonly copies: readonly LogCopy[];
}

/** A checkpoint that an organisation serves, and whose signatures hold. */
interface Served {
  readonly at: Organisation;
  readonly agent: CopySource;
  readonly checkpoint: SignedCheckpoint;
  readonly signers: number;
}

/**
 * Compares the newest checkpoints of all logs as organisations serve them. Each signature is verified, and a shorter
 * checkpoint must be the beginning of the longest.
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
  const context = { domain: domainOf(network), primitives };
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
    const served = answers.filter((each) => 'checkpoint' in each);
    const longest = served.toSorted((a, b) => b.checkpoint.size - a.checkpoint.size)[0];
    const copies = await Promise.all(
      answers.map(async (each) =>
        'checkpoint' in each && longest !== undefined ? await compared(each, longest) : each,
      ),
    );
    return {
      log,
      size: longest?.checkpoint.size ?? 0,
      signers: longest?.signers ?? 0,
      copies: copies.filter((each) => 'state' in each),
    };
  }

  async function newestAt(
    at: Organisation,
    agent: CopySource,
    log: LogName,
  ): Promise<Served | LogCopy> {
    let checkpoint: SignedCheckpoint;
    try {
      checkpoint = await agent.checkpoint(log);
    } catch (error) {
      return { at, state: isMedsealError(error, 'NOT_FOUND') ? 'none' : 'silent' };
    }
    if (checkpoint.log !== log) return { at, state: 'invalid' };
    try {
      const signers = verifyCheckpoint(context, network, checkpoint).length;
      return { at, agent, checkpoint, signers };
    } catch {
      return { at, state: 'invalid' };
    }
  }

  async function compared({ at, checkpoint }: Served, longest: Served): Promise<LogCopy> {
    const { log, size, root } = checkpoint;
    const { size: newest, root: newestRoot } = longest.checkpoint;
    let proof: readonly Bytes32[] = [];
    try {
      if (size < newest) {
        ({ proof } = await longest.agent.consistency({ log, from: size, to: newest }));
      }
    } catch {
      return { at, state: 'silent' };
    }
    const isBeginning = verifyConsistency(primitives, {
      first: size,
      second: newest,
      firstRoot: hexToBytes(root),
      secondRoot: hexToBytes(newestRoot),
      proof: proof.map((hash) => hexToBytes(hash)),
    });
    if (!isBeginning) return { at, state: 'differs' };
    return size === newest
      ? { at, state: 'newest', size }
      : { at, state: 'behind', size, missing: newest - size };
  }
}
