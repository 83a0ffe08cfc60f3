import { bytesToHex, hexToBytes } from '../../crypto/bytes.ts';
import { leafHash } from '../../crypto/merkle/leafHash.ts';
import { memoryTree } from '../../crypto/merkle/memoryTree.ts';
import type { Primitives } from '../../crypto/Primitives.ts';
import type { CopiedEntry, EvidenceLog } from '../../log/EvidenceLog.ts';
import type { SignedVerdict } from '../../protocol/evidence.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import type { CoordinatorPort, ShownLog } from '../ports.ts';
import type { ServiceContext } from '../ServiceContext.ts';
import { appendCopies, type CopyOptions } from './copyLog.ts';

/** What takes entries back that nobody has copied. */
export interface TakeShownOptions extends Pick<CopyOptions, 'want'> {
  /** The log that lost them. */
  readonly log: EvidenceLog;
  /** Coordinators that were shown them; not trusted. */
  readonly coordinators: readonly Pick<CoordinatorPort, 'shown'>[];
}

/**
 * Takes entries back that a log lost, from coordinators that were shown them before they signed a checkpoint over them,
 * and judged their bodies. Nothing is appended that does not make the root which was signed.
 *
 * @param context - The organisation's context.
 * @param options - The log, and whom to ask.
 * @param target - What was signed.
 * @returns Whether all of it is back.
 */
export async function takeShown(
  context: ServiceContext,
  { log, want, coordinators }: TakeShownOptions,
  target: { readonly size: number; readonly root: Bytes32 },
): Promise<boolean> {
  const { name } = log.identity;
  const entries: CopiedEntry[] = [];
  while (log.size + entries.length < target.size) {
    const from = log.size + entries.length;
    const answers = await Promise.allSettled(
      coordinators.map(async (each) => await each.shown({ log: name, from })),
    );
    const shown = answers.flatMap((each) =>
      each.status === 'fulfilled' && each.value !== undefined ? [each.value] : [],
    );
    const next = shown
      .flatMap((each) => entriesOf(context.primitives, name, each, shown))
      .filter(({ index }) => index >= from && index < target.size);
    const first = next.findIndex(({ index }) => index === from);
    if (first < 0) return false;
    for (const each of next.slice(first)) {
      if (each.index === log.size + entries.length) entries.push(each);
    }
  }
  const edge = log.edge();
  for (const { entry } of entries) edge.append(leafHash(context.primitives, hexToBytes(entry)));
  if (bytesToHex(edge.root()) !== target.root) return false;
  await appendCopies(context, { log, want }, entries);
  return true;
}

/** Entries that a coordinator was shown, each with whatever coordinator's body; none where a body is missing. */
function entriesOf(
  primitives: Primitives,
  log: string,
  shown: ShownLog,
  all: readonly ShownLog[],
): readonly CopiedEntry[] {
  const bodies = new Map<Bytes32, string>();
  for (const each of all) {
    for (const [place, entry] of each.entries.entries()) {
      const body = each.bodies[place];
      if (typeof body === 'string') bodies.set(entry, body);
    }
  }
  const verdicts = verdictsOf(primitives, shown);
  return shown.entries.flatMap((entry, place) => {
    const body = bodies.get(entry);
    const index = shown.from + place;
    return body === undefined ? [] : [{ log, index, entry, body, verdicts: verdicts[place] ?? [] }];
  });
}

/** The verdicts of each entry, with its place in what they cover. */
function verdictsOf(
  primitives: Primitives,
  { entries, verdicts }: ShownLog,
): readonly (readonly SignedVerdict[])[] {
  const leaves = entries.map((entry) => leafHash(primitives, hexToBytes(entry)));
  const found = entries.map((): SignedVerdict[] => []);
  for (const { from, part, ...statement } of verdicts) {
    if (part !== undefined) {
      found[from]?.push({ ...statement, ...part });
      continue;
    }
    const tree = memoryTree(primitives, leaves.slice(from, from + statement.verdict.size));
    for (let index = 0; index < tree.size; index++) {
      const proof = tree.inclusion(index).map(bytesToHex);
      found[from + index]?.push({ ...statement, index, proof });
    }
  }
  return found;
}
