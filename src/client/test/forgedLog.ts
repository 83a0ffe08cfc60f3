import { bytesToHex, concatBytes } from '../../crypto/bytes.ts';
import { leafHash } from '../../crypto/merkle/leafHash.ts';
import { memoryTree } from '../../crypto/merkle/memoryTree.ts';
import { formatCheckpoint } from '../../crypto/note/checkpoint.ts';
import { createNoteKey } from '../../crypto/note/NoteKey.ts';
import { signNote } from '../../crypto/note/signNote.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { TestNetwork } from '../../node/test/testNetwork.ts';
import type { TileQuery } from '../../protocol/AgentPort.ts';
import { placeText } from '../../protocol/wire/placeText.ts';
import { domainOf } from '../../protocol/struct/domainOf.ts';
import type { SignedCheckpoint, SignedPlace } from '../../protocol/evidence/evidence.ts';
import { ZERO32, type Hex } from '../../protocol/ids.ts';
import { logOf } from '../../protocol/network/networkLookups.ts';
import { sign } from '../../protocol/struct/signing.ts';
import type { LogSource } from '../audit/examineLog.ts';

/**
 * Makes a log of any entries, signed by everyone who can sign, as an administrator can serve it that has the log's key
 * and all coordinators on its side.
 *
 * @param network - Network whose keys sign.
 * @param log - The log that it pretends to be.
 * @param entries - 32 bytes each.
 * @param sizes - Sizes of its checkpoints; the last is the newest.
 */
export function forgedLog(
  network: TestNetwork,
  log: string,
  entries: readonly Uint8Array[],
  sizes: readonly number[] = [entries.length],
): LogSource {
  const { primitives } = network.ports;
  const context = { domain: domainOf(network.file), primitives };
  const { log: identity, channel } = logOf(network.file, log);
  const noteKey = createNoteKey(identity.origin, keysOf(identity.organisation).note);
  const leaves = entries.map((entry) => leafHash(primitives, entry));
  const tree = memoryTree(primitives, leaves);
  const placed = sizes.map(placedAt);

  return {
    checkpoint: async () => await Promise.resolve(placed.at(-1)?.checkpoint ?? missing()),
    receipt: async ({ index }) => {
      const covering = placed.find(({ checkpoint }) => checkpoint.size > index) ?? missing();
      return await Promise.resolve({ ...covering, inclusion: [] });
    },
    tile: async (query) => await Promise.resolve(tileOf(query)),
  };

  function placedAt(size: number): { checkpoint: SignedCheckpoint; ledger: SignedPlace } {
    const tip = memoryTree(primitives, leaves.slice(0, size)).root;
    const statement = { log: identity.id, size, root: bytesToHex(tip) };
    const text = formatCheckpoint({ origin: identity.origin, size, root: tip });
    const place = { transaction: ZERO32, block: 1 };
    const signatures = channel.coordinators.map(({ organisation }) => {
      const key = keysOf(organisation).coordinator;
      const { signature } = sign(context, key, 'Checkpoint', statement);
      return { coordinator: key.address, signature };
    });
    return {
      checkpoint: { ...statement, log, note: signNote(primitives, text, [noteKey]), signatures },
      ledger: {
        ...place,
        note: signNote(primitives, placeText(identity.origin, statement, place), [noteKey]),
      },
    };
  }

  function tileOf({ level, index, width }: TileQuery): Hex {
    const parts = Array.from({ length: width }, (_, at) =>
      level === 'entries'
        ? concatBytes(Uint8Array.of(0, 32), entries[256 * index + at] ?? missing())
        : tree.readHash(8 * level, 256 * index + at),
    );
    return bytesToHex(concatBytes(...parts));
  }

  function keysOf(organisation: string) {
    return network.keys.get(organisation) ?? missing();
  }
}

function missing(): never {
  throw new MedsealError('NOT_FOUND', { what: 'part of a forged log' });
}
