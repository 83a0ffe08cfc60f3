import { bytesToHex, hexToBytes } from '../../crypto/bytes.ts';
import { leafHash } from '../../crypto/merkle/leafHash.ts';
import { memoryTree } from '../../crypto/merkle/memoryTree.ts';
import { formatCheckpoint } from '../../crypto/note/checkpoint.ts';
import { createNoteKey } from '../../crypto/note/NoteKey.ts';
import { signNote } from '../../crypto/note/signNote.ts';
import { ORGANISATIONS, BEGIN, type TestNetwork } from '../../node/test/testNetwork.ts';
import { domainOf } from '../../protocol/struct/domainOf.ts';
import type { Bytes32, Organisation } from '../../protocol/ids.ts';
import { logOf } from '../../protocol/network/networkLookups.ts';
import type { Verdict } from '../../protocol/struct/requests.ts';
import { sign } from '../../protocol/struct/signing.ts';
import type { CheckpointRequest, PlacedVerdict } from '../ports.ts';

/**
 * Returns what the administrator of the hospital's log presents to a coordinator, signed with the keys of its
 * accomplices.
 *
 * @param network - Network whose keys sign.
 * @param entries - All of the log.
 * @param options - Place from which it presents entries, and the size of the checkpoint.
 * @param options.judges - Organisations whose coordinators judged the presented entries, as one array.
 */
export function askToSign(
  network: TestNetwork,
  entries: readonly Bytes32[],
  options: {
    readonly from?: number;
    readonly size?: number;
    readonly judges?: readonly Organisation[];
    readonly verdict?: Partial<Verdict>;
  } = {},
): CheckpointRequest {
  const { from = 0, size = entries.length, judges = ORGANISATIONS } = options;
  const { log } = logOf(network.file, 'care/hospital');
  const { primitives } = network.ports;
  const leaves = entries.map((entry) => leafHash(primitives, hexToBytes(entry)));
  const seed = network.keys.get('hospital')?.note;
  if (seed === undefined) throw new Error('no key');
  const { root } = memoryTree(primitives, leaves.slice(0, size));
  const text = formatCheckpoint({ origin: log.origin, size, root });
  const shown = leaves.slice(from, size);
  return {
    log: log.name,
    note: signNote(primitives, text, [createNoteKey(log.origin, seed)]),
    from,
    entries: entries.slice(from, size),
    verdicts: shown.length === 0 ? [] : judges.map(judged),
  };

  function judged(organisation: Organisation): PlacedVerdict {
    const key = network.keys.get(organisation)?.coordinator;
    if (key === undefined) throw new Error('no key');
    const verdict: Verdict = {
      kind: 'writes',
      log: log.id,
      size: shown.length,
      root: bytesToHex(memoryTree(primitives, shown).root),
      at: BEGIN,
      includeBy: BEGIN + 60,
      ...options.verdict,
    };
    const context = { domain: domainOf(network.file), primitives };
    const { party, signature } = sign(context, key, 'Verdict', verdict);
    return { verdict, coordinator: party, signature, from: 0 };
  }
}
