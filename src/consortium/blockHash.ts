import { hexToBytes, utf8ToBytes } from '../crypto/bytes.ts';
import { leafHash } from '../crypto/merkle/leafHash.ts';
import { rootOf } from '../crypto/merkle/rootOf.ts';
import type { Sha256 } from '../crypto/merkle/Sha256.ts';
import { encodeProto, type ProtoField } from './encodeProto.ts';
import type { BlockId, ConsensusHeader, Moment } from './LightBlock.ts';

/**
 * The hash of a header, by which a block is named: the root of a tree over its fields.
 *
 * @returns 32 bytes.
 */
export function blockHash(primitives: Sha256, header: ConsensusHeader): Uint8Array {
  const { version } = header;
  const fields = [
    encodeProto([
      [1, 'varint', version.block],
      [2, 'varint', version.app],
    ]),
    encodeProto([[1, 'bytes', utf8ToBytes(header.chain)]]),
    encodeProto([[1, 'varint', header.height]]),
    encodeProto(momentFields(header.time)),
    encodeProto(blockIdFields(header.lastBlockId)),
    hashed(header.lastCommitHash),
    hashed(header.dataHash),
    hashed(header.validatorsHash),
    hashed(header.nextValidatorsHash),
    hashed(header.consensusHash),
    hashed(header.appHash),
    hashed(header.lastResultsHash),
    hashed(header.evidenceHash),
    hashed(header.proposer),
  ];
  return rootOf(
    primitives,
    fields.map((field) => leafHash(primitives, field)),
  );
}

/** A moment's fields (`google.protobuf.Timestamp`). */
export function momentFields({ seconds, nanos }: Moment): readonly ProtoField[] {
  return [
    [1, 'varint', seconds],
    [2, 'varint', nanos],
  ];
}

/** The fields of a block's name; they are the same in a header and in what validators sign. */
export function blockIdFields({ hash, parts }: BlockId): readonly ProtoField[] {
  const inner = encodeProto([
    [1, 'varint', parts.total],
    [2, 'bytes', hexToBytes(parts.hash)],
  ]);
  return [
    [1, 'bytes', hexToBytes(hash)],
    [2, 'message', inner],
  ];
}

function hashed(value: string): Uint8Array {
  return encodeProto([[1, 'bytes', hexToBytes(value)]]);
}
