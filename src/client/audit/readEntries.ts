import { bytesToHex, hexToBytes } from '../../crypto/bytes.ts';
import { leafHash } from '../../crypto/merkle/leafHash.ts';
import { rootOf } from '../../crypto/merkle/rootOf.ts';
import { tilePath } from '../../crypto/merkle/tilePath.ts';
import type { Primitives } from '../../crypto/Primitives.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { AgentPort } from '../../protocol/AgentPort.ts';
import type { LogName } from '../../protocol/ids.ts';

const TILE = 256;
/** Bytes of an entry in its bundle: its length, then itself. */
const ROW = 34;

/** An entry from a log's tiles. */
export interface TileEntry {
  /** 32 bytes. */
  readonly entry: Uint8Array;
  /** Its leaf hash, 32 bytes. */
  readonly leaf: Uint8Array;
}

/**
 * Reads all entries of a log from its tiles (C2SP tlog-tiles), and computes every hash in every tile again.
 *
 * @param primitives - SHA-256.
 * @param agent - The node.
 * @param log - The log.
 * @param size - Number of entries.
 * @throws MedsealError `EVIDENCE_INVALID` naming the tile whose hashes do not match the entries; of the node.
 * @example
 * ```ts
 * const { size } = await agent.checkpoint('care/hospital');
 * for await (const { leaf } of readEntries(webPorts.primitives, agent, 'care/hospital', size)) {
 *   console.log(leaf);
 * }
 * ```
 */
export async function* readEntries(
  primitives: Primitives,
  agent: Pick<AgentPort, 'tile'>,
  log: LogName,
  size: number,
): AsyncGenerator<TileEntry> {
  /** For each level of tiles, its hashes that are not in a full tile yet, and its number of full tiles. */
  const levels: { hashes: Uint8Array[]; full: number }[] = [];

  for (let from = 0; from < size; from += TILE) {
    const width = Math.min(TILE, size - from);
    const entries = await bundleAt(from / TILE, width);
    for (const entry of entries) {
      const leaf = leafHash(primitives, entry);
      yield { entry, leaf };
      await add(0, leaf);
    }
  }
  for (const [level, { hashes, full }] of levels.entries()) {
    if (hashes.length > 0) await compare(level, full, hashes);
  }

  async function add(level: number, hash: Uint8Array): Promise<void> {
    const open = (levels[level] ??= { hashes: [], full: 0 });
    open.hashes.push(hash);
    if (open.hashes.length < TILE) return;
    await compare(level, open.full, open.hashes);
    const root = rootOf(primitives, open.hashes);
    levels[level] = { hashes: [], full: open.full + 1 };
    await add(level + 1, root);
  }

  async function compare(
    level: number,
    index: number,
    hashes: readonly Uint8Array[],
  ): Promise<void> {
    const width = hashes.length;
    const served = await agent.tile({ log, level, index, width });
    if (served === bytesToHex(joined(hashes))) return;
    const path = tilePath(level, index, width);
    throw invalid(`${path} does not hold the hashes of the entries`);
  }

  async function bundleAt(index: number, width: number): Promise<Uint8Array[]> {
    const bytes = hexToBytes(await agent.tile({ log, level: 'entries', index, width }));
    const rows = Array.from({ length: width }, (_, at) => bytes.subarray(at * ROW, at * ROW + ROW));
    const whole = rows.every((row) => row.length === ROW && row[0] === 0 && row[1] === 32);
    if (bytes.length !== width * ROW || !whole) {
      throw invalid(`${tilePath('entries', index, width)} does not have ${width} entries`);
    }
    return rows.map((row) => row.subarray(2));
  }
}

function joined(hashes: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(32 * hashes.length);
  for (const [at, hash] of hashes.entries()) bytes.set(hash, 32 * at);
  return bytes;
}

function invalid(reason: string): MedsealError {
  return new MedsealError('EVIDENCE_INVALID', { reason });
}
