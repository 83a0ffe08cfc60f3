import { hexToBytes, utf8ToBytes } from '../crypto/bytes.ts';
import { leafHash } from '../crypto/merkle/leafHash.ts';
import { rootOf } from '../crypto/merkle/rootOf.ts';
import type { Sha256 } from '../crypto/merkle/Sha256.ts';
import { encodeProto, type ProtoField } from './encodeProto.ts';
import type { Hex } from '../protocol/ids.ts';
import type { BlockId, ConsensusHeader, Moment } from './LightBlock.ts';

/**
 * The hash of a header, by which a block is named: the root of a tree over its fields.
 *
 * @returns 32 bytes.
 */
export function blockHash(primitives: Sha256, header: ConsensusHeader): Uint8Array {
  return rootOf(
    primitives,
    fieldsOf(header).map((field) => leafHash(primitives, encoded(field))),
  );
}

/**
 * Makes a function as `blockHash`, for headers that follow each other: the hash of a field that is as in the header before is not made
 * again, as those of validators and of a block without transactions.
 *
 * @param primitives - SHA-256.
 */
export function blockHasher(primitives: Sha256): (header: ConsensusHeader) => Uint8Array {
  let before: readonly { readonly field: Field; readonly leaf: Uint8Array }[] = [];
  return (header) => {
    before = fieldsOf(header).map((field, place) => {
      const known = before[place];
      if (typeof field === 'string' && known?.field === field) return known;
      return { field, leaf: leafHash(primitives, encoded(field)) };
    });
    return rootOf(
      primitives,
      before.map(({ leaf }) => leaf),
    );
  };
}

/** A field of a header: bytes in hexadecimal, or others in their order. */
type Field = Hex | readonly ProtoField[];

function fieldsOf(header: ConsensusHeader): readonly Field[] {
  const { version } = header;
  return [
    [
      [1, 'varint', version.block],
      [2, 'varint', version.app],
    ],
    [[1, 'bytes', utf8ToBytes(header.chain)]],
    [[1, 'varint', header.height]],
    momentFields(header.time),
    blockIdFields(header.lastBlockId),
    header.lastCommitHash,
    header.dataHash,
    header.validatorsHash,
    header.nextValidatorsHash,
    header.consensusHash,
    header.appHash,
    header.lastResultsHash,
    header.evidenceHash,
    header.proposer,
  ];
}

function encoded(field: Field): Uint8Array {
  return encodeProto(typeof field === 'string' ? [[1, 'bytes', hexToBytes(field)]] : field);
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
