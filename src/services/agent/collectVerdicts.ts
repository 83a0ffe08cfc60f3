import { bytesToHex } from '../../crypto/bytes.ts';
import { leafHash } from '../../crypto/merkle/leafHash.ts';
import { memoryTree } from '../../crypto/merkle/memoryTree.ts';
import { fromProblem } from '../../errors/fromProblem.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { isNear, isPromise } from '../../protocol/evidence/acknowledgementCheck.ts';
import type { SignedVerdict } from '../../protocol/evidence/evidence.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import { ENTRY_KINDS } from '../../protocol/struct/kindOf.ts';
import type { EntryKind } from '../../protocol/network/NetworkFile.ts';
import { logOf, organisationsBehind } from '../../protocol/network/networkLookups.ts';
import { signerOf } from '../../protocol/struct/signing.ts';
import type { JudgedBody, Judgement } from '../ports.ts';
import { askQuorum } from '../quorum/askQuorum.ts';
import { fulfilled } from '../quorum/fulfilled.ts';
import type { AgentContext } from './AgentContext.ts';

/** A body with the kind that it is judged as. */
export interface BodyToJudge extends JudgedBody {
  readonly kind: EntryKind;
  /** SHA-256 of the body, 32 bytes. */
  readonly entry: Uint8Array;
}

/** Verdicts and refusals of the coordinators on an array of bodies. */
export interface CollectedVerdicts {
  /** For each body the verdicts that cover it. */
  readonly verdicts: readonly (readonly SignedVerdict[])[];
  /** Bodies with fewer verdicts than the threshold of its kind, by their place, each with the first reason given. */
  readonly refusals: ReadonlyMap<number, MedsealError>;
  /** Of refused sets of views of which coordinators judge some record versions otherwise. */
  readonly disputed: ReadonlyMap<number, PairsDisputed>;
}

/** Places in the list of a set of views that coordinators judge otherwise than its body says. */
export interface PairsDisputed {
  /** Those that anybody judges otherwise. */
  readonly all: ReadonlySet<number>;
  /** Those that as many as must judge otherwise, and just those; absent if there are not as many who say the same. */
  readonly alike?: ReadonlySet<number>;
}

/**
 * Has the coordinators of the channel judge bodies, each for itself: one array of writes, and one of views. It ends
 * once it is decided for each body whether k accept it.
 *
 * @param agent - The agent's context.
 * @param bodies - Bodies to judge.
 */
export async function collectVerdicts(
  agent: AgentContext,
  bodies: readonly BodyToJudge[],
): Promise<CollectedVerdicts> {
  const verdicts: (readonly SignedVerdict[])[] = bodies.map(() => []);
  const refusals = new Map<number, MedsealError>();
  const disputed = new Map<number, PairsDisputed>();
  const collecting = ENTRY_KINDS.map(async (kind) => {
    const places = [...bodies.keys()].filter((place) => bodies[place]?.kind === kind);
    if (places.length === 0) return;
    const array = places.flatMap((place) => bodies[place] ?? []);
    const collected = await collectOfKind(agent, kind, array);
    for (const [i, place] of places.entries()) {
      verdicts[place] = collected.verdicts[i] ?? [];
      const refused = collected.refusals.get(i);
      if (refused !== undefined) refusals.set(place, refused);
      const pairs = collected.disputed.get(i);
      if (refused !== undefined && pairs !== undefined) disputed.set(place, pairs);
    }
  });
  await Promise.all(collecting);
  return { verdicts, refusals, disputed };
}

async function collectOfKind(
  agent: AgentContext,
  kind: EntryKind,
  array: readonly BodyToJudge[],
): Promise<CollectedVerdicts> {
  const bodies = array.map(({ kind: _kind, entry: _entry, ...judged }): JudgedBody => judged);
  const { name } = agent.log.identity;
  const { channel } = logOf(agent.network, name);
  const leaves = array.map(({ entry }) => leafHash(agent.primitives, entry));
  const needed = channel.thresholds[kind];
  const judged = judgedTrees(agent, leaves);
  const answers = await askQuorum(agent, agent.coordinators, {
    ask: async (coordinator) => await coordinator.judge({ log: name, bodies }),
    least: needed,
    isDecided: (given, left) => {
      const heard = verdictsIn(fulfilled(given));
      return heard.verdicts.every((covering, place) => {
        const got = countBehind(covering);
        if (got >= needed) return true;
        const alike = mostAlike(heard.disputes.get(place) ?? new Map());
        return got + left < needed && (alike >= needed || alike === 0 || alike + left < needed);
      });
    },
  });
  const { verdicts, reasons, disputes } = verdictsIn(fulfilled(answers));
  const refusals = new Map<number, MedsealError>();
  const disputed = new Map<number, PairsDisputed>();
  const skewed = answers.flatMap((answer) =>
    answer.status === 'rejected' && isMedsealError(answer.reason, 'PEER_CALL_SKEWED')
      ? [answer.reason]
      : [],
  );
  for (const [index, covering] of verdicts.entries()) {
    const got = countBehind(covering);
    if (got < needed) {
      const [first] = got + skewed.length < needed ? [] : skewed;
      const missing =
        first === undefined
          ? new MedsealError('VERDICTS_MISSING', { got, needed })
          : new MedsealError('CLOCK_SKEWED', { limit: first.values.limit });
      refusals.set(index, reasons.get(index) ?? missing);
      const said = disputes.get(index);
      if (said !== undefined) disputed.set(index, pairsDisputed(said, needed));
    }
  }
  return { verdicts, refusals, disputed };

  function countBehind(covering: readonly SignedVerdict[]): number {
    const signers = covering.map(({ coordinator }) => coordinator);
    return organisationsBehind(channel, signers);
  }

  /** For each body the verdicts that cover it, the first reason that somebody refused it for, and who disputes which pairs of a set. */
  function verdictsIn(given: readonly Judgement[]): {
    readonly verdicts: readonly (readonly SignedVerdict[])[];
    readonly reasons: ReadonlyMap<number, MedsealError>;
    readonly disputes: ReadonlyMap<number, Disputes>;
  } {
    const found: SignedVerdict[][] = bodies.map(() => []);
    const reasonsGiven = new Map<number, MedsealError>();
    const disputes = new Map<number, Map<string, number>>();
    for (const judgement of given) {
      // A malformed answer does not count.
      const refused = added(() => addVerdict(agent, kind, judgement, judged, found));
      for (const { index, problem, pairs } of refused) {
        if (!reasonsGiven.has(index)) reasonsGiven.set(index, fromProblem(problem));
        if (pairs === undefined || !isPlaces(pairs, array[index]?.pairs?.length ?? 0)) continue;
        const said = disputes.get(index) ?? new Map<string, number>();
        const text = pairs.join(' ');
        disputes.set(index, said.set(text, (said.get(text) ?? 0) + 1));
      }
    }
    return { verdicts: found, reasons: reasonsGiven, disputes };
  }
}

/** Number of coordinators that dispute the same places of a set, by the places. */
type Disputes = ReadonlyMap<string, number>;

function mostAlike(disputes: Disputes): number {
  return Math.max(0, ...disputes.values());
}

function placesIn(text: string): readonly number[] {
  return text.split(' ').map(Number);
}

function pairsDisputed(disputes: Disputes, needed: number): PairsDisputed {
  const all = new Set([...disputes.keys()].flatMap(placesIn));
  const alike = [...disputes].find(([, count]) => count >= needed);
  return { all, ...(alike && { alike: new Set(placesIn(alike[0])) }) };
}

/** Tells whether they are ascending places of a list, and at least one: what a liar says else decides nothing. */
function isPlaces(places: readonly number[], length: number): boolean {
  return (
    places.length > 0 &&
    places.every((place, nth) => place < length && place > (places[nth - 1] ?? -1))
  );
}

/** Returns a coordinator's refusals; nothing if its answer is malformed. */
function added(add: () => Judgement['refused']): Judgement['refused'] {
  try {
    return add();
  } catch {
    return [];
  }
}

/** The entries that a coordinator agreed to, and where each stands in the tree that it signed. */
interface JudgedTree {
  readonly size: number;
  readonly root: Bytes32;
  /** For each of them its place among the bodies, and the proof that the root holds it. */
  readonly entries: readonly { readonly place: number; readonly proof: readonly Bytes32[] }[];
}

/**
 * Gives each entry that a coordinator judged its share of the verdict, if the verdict is valid.
 * @returns Its refusals.
 */
function addVerdict(
  agent: AgentContext,
  kind: EntryKind,
  { refused, verdict: signed }: Judgement,
  judged: (passed: ReadonlySet<number>) => JudgedTree,
  verdicts: SignedVerdict[][],
): Judgement['refused'] {
  const passed = new Set(refused.map(({ index }) => index));
  if (signed === undefined) return refused;
  const { verdict, coordinator, signature } = signed;
  const { log, index: view } = agent;
  const { size, root, entries } = judged(passed);
  if (verdict.kind !== kind || verdict.log !== log.identity.id) return [];
  if (verdict.size !== size || verdict.root !== root) return [];
  if (!isPromise(verdict) || !isNear(verdict.at, view.moment)) return [];
  if (signerOf(agent, 'Verdict', verdict, signature) !== coordinator) return [];
  for (const [index, { place, proof }] of entries.entries()) {
    verdicts[place]?.push({ verdict, coordinator, signature, index, proof });
  }
  return refused;
}

/** Trees over an array without the bodies that were passed over; coordinators that accept the same bodies share one. */
function judgedTrees(
  { primitives }: AgentContext,
  leaves: readonly Uint8Array[],
): (passed: ReadonlySet<number>) => JudgedTree {
  const trees = new Map<string, JudgedTree>();
  return (passed) => {
    const places = leaves.map((_, place) => place).filter((place) => !passed.has(place));
    const key = places.join(' ');
    const known = trees.get(key);
    if (known !== undefined) return known;
    const remaining = leaves.filter((_, place) => !passed.has(place));
    const { size, root, inclusion } = memoryTree(primitives, remaining);
    const texts = new Map<Uint8Array, Bytes32>();
    const textOf = (hash: Uint8Array): Bytes32 => {
      const text = texts.get(hash) ?? bytesToHex(hash);
      texts.set(hash, text);
      return text;
    };
    const entries = places.map((place, index) => ({ place, proof: inclusion(index).map(textOf) }));
    const tree = { size, root: bytesToHex(root), entries };
    trees.set(key, tree);
    return tree;
  };
}
