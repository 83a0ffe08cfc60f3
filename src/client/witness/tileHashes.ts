import { hexToBytes } from '../../crypto/bytes.ts';
import type { ReadHash } from '../../crypto/merkle/ReadHash.ts';
import { rootOf } from '../../crypto/merkle/rootOf.ts';
import type { Primitives } from '../../crypto/Primitives.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { AgentPort } from '../../protocol/AgentPort.ts';
import type { LogName } from '../../protocol/ids.ts';

const TILE = 256;

/**
 * Reads the hashes of a log's tree from the tiles that a node serves. They are not trusted: hashes computed from them
 * are compared with a checkpoint.
 *
 * @param primitives - SHA-256.
 * @param agent - The node.
 * @param log - The log.
 * @param size - Number of entries of the tree.
 * @returns Function that reads a hash; it fetches each tile once.
 */
export function tileHashes(
  primitives: Primitives,
  agent: Pick<AgentPort, 'tile'>,
  log: LogName,
  size: number,
): ReadHash {
  const tiles = new Map<string, Promise<Uint8Array>>();

  return async (level, index) => {
    const width = 2 ** (level % 8);
    const first = index * width;
    const tile = await tileAt(Math.floor(level / 8), Math.floor(first / TILE));
    const hashes = Array.from({ length: width }, (_, place) => {
      const from = 32 * ((first % TILE) + place);
      return tile.subarray(from, from + 32);
    });
    if (hashes.some((hash) => hash.length !== 32)) throw malformed();
    return rootOf(primitives, hashes);
  };

  async function tileAt(level: number, index: number): Promise<Uint8Array> {
    const name = `${level}/${index}`;
    const known = tiles.get(name) ?? readTile(level, index);
    tiles.set(name, known);
    return await known;
  }

  async function readTile(level: number, index: number): Promise<Uint8Array> {
    const complete = Math.floor(size / TILE ** level);
    const width = Math.min(TILE, complete - index * TILE);
    const tile = hexToBytes(await agent.tile({ log, level, index, width }));
    if (tile.length !== 32 * width) throw malformed();
    return tile;
  }
}

function malformed(): MedsealError {
  return new MedsealError('PEER_MALFORMED', { what: 'tile' });
}
