import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { AuditEvent } from '../../client/audit/Audit.ts';
import type { Verifier } from '../../client/audit/EvidenceSet.ts';
import { isSealProven } from '../../client/audit/isSealProven.ts';
import type { ChainBlock } from '../../client/witness/chainBlocks.ts';
import { bytesToHex, concatBytes } from '../../crypto/bytes.ts';
import { GUARDED_HEADER_LENGTH } from '../../crypto/threshold/readGuardedHeader.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { nativeSha256 } from '../../folder/nativeSha256.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import type { Write } from '../../protocol/struct/requests.ts';

/** A sealed file at hand. */
export interface SealedAtHand {
  readonly path: string;
  readonly size: number;
  readonly beginning: Uint8Array;
}

/** Blocks of a chain, held against the sealed files that its writes name. */
export interface SealedBlocks {
  /** With a fault for each file that was sealed for another version. */
  readonly blocks: readonly ChainBlock[];
  /** Words for what the file of an entry shows, by the entry. */
  readonly says: ReadonlyMap<Bytes32, string>;
  readonly unchecked: readonly string[];
}

/**
 * Reads the sealed files of a folder, by their hashes. Names do not matter.
 *
 * @param folder - The folder; folders in it are not read.
 * @throws MedsealError `ARGUMENT_INVALID` if it, or a file in it, cannot be read.
 */
export async function sealedFilesIn(folder: string): Promise<ReadonlyMap<Bytes32, SealedAtHand>> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    const files = new Map<Bytes32, SealedAtHand>();
    for (const entry of entries.filter((each) => each.isFile())) {
      const path = join(folder, entry.name);
      const hash = nativeSha256();
      let size = 0;
      let beginning: Uint8Array = new Uint8Array();
      for await (const part of createReadStream(path) as AsyncIterable<Uint8Array>) {
        hash.update(part);
        size += part.length;
        const more = part.subarray(0, GUARDED_HEADER_LENGTH - beginning.length);
        beginning = concatBytes(beginning, more);
      }
      files.set(bytesToHex(new Uint8Array(hash.digest())), { path, size, beginning });
    }
    return files;
  } catch (cause) {
    const reason = 'it cannot be read';
    throw new MedsealError('ARGUMENT_INVALID', { argument: '--records', reason }, { cause });
  }
}

/**
 * Verifies the public proof of each sealed file that the accepted writes of a chain name: that it was sealed for the patient, the
 * record and the version of its write. It takes no secret; it takes the file, which nobody gets without a view.
 *
 * @param verifier - The pinned network file, and primitives.
 * @param blocks - The blocks, whose entries were verified.
 * @param files - Sealed files at hand, by their hashes.
 */
export function examineSeals(
  verifier: Verifier,
  blocks: readonly ChainBlock[],
  files: ReadonlyMap<Bytes32, SealedAtHand>,
): SealedBlocks {
  const says = new Map<Bytes32, string>();
  let absent = 0;
  const examined = blocks.map((block) => {
    const events = block.events.map((event) => {
      const write = writeIn(event);
      if (write === undefined) return event;
      const file = files.get(write.file);
      if (file === undefined) {
        absent += 1;
        return event;
      }
      const fault = faultOf(verifier, write, file);
      if (fault !== undefined) return { ...event, fault };
      const isProven = isSealProven(verifier, write, file.beginning) === true;
      says.set(event.entry, `${file.path} ${isProven ? PROVES : OPEN}`);
      return event;
    });
    const faults = events.flatMap(({ log, index, fault }, place) =>
      fault === undefined || fault === block.events[place]?.fault
        ? []
        : [`${log} #${index}: ${fault}`],
    );
    return { ...block, events, faults: [...block.faults, ...faults] };
  });
  const unchecked = absent > 0 && hasReleaseKey(verifier.network) ? [unseen(absent)] : [];
  return { blocks: examined, says, unchecked };
}

const PROVES = 'proves that it was sealed for this record version';
const OPEN = 'is the sealed file that it names, under no release key';

function faultOf(verifier: Verifier, write: Write, file: SealedAtHand): string | undefined {
  const { path, size, beginning } = file;
  if (size !== write.size) return `${path} has ${size} bytes, the entry says ${write.size}`;
  if (isSealProven(verifier, write, beginning) !== false) return undefined;
  return `the proof in ${path} is of another record version`;
}

function writeIn({ body, fault }: AuditEvent): Write | undefined {
  if (fault !== undefined || body?.flag !== 'A' || body.request.type !== 'Write') return undefined;
  return body.request.message as Write;
}

function hasReleaseKey({ channels }: NetworkFile): boolean {
  return channels.some(({ release }) => release !== undefined);
}

function unseen(absent: number): string {
  const which = absent === 1 ? '1 sealed file was' : `${absent} sealed files were`;
  return `for which record version ${which} made: --records <folder> verifies those that you have`;
}
