import { malformedAnswer } from './answerFields.ts';

/** A protobuf message: the values of each field, in the order in which they were written. */
export type ProtoMessage = ReadonlyMap<number, readonly (bigint | Uint8Array)[]>;

/**
 * Reads a protobuf message of varints, bytes and messages.
 *
 * @throws MedsealError `PEER_MALFORMED` if it is not one.
 */
export function decodeProto(bytes: Uint8Array): ProtoMessage {
  const found = new Map<number, (bigint | Uint8Array)[]>();
  let offset = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[offset++];
      if (byte === undefined) break;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw malformedAnswer();
  };
  while (offset < bytes.length) {
    const tag = Number(varint());
    const field = Math.floor(tag / 8);
    let value: bigint | Uint8Array;
    if (tag % 8 === 0) {
      value = varint();
    } else if (tag % 8 === 2) {
      const length = Number(varint());
      if (length > bytes.length - offset) throw malformedAnswer();
      value = bytes.subarray(offset, offset + length);
      offset += length;
    } else {
      throw malformedAnswer();
    }
    const values = found.get(field) ?? [];
    values.push(value);
    found.set(field, values);
  }
  return found;
}

/** The last value of a field that is bytes or a message; empty if it is absent, as proto3 has it. */
export function bytesOf(message: ProtoMessage, field: number): Uint8Array {
  const value = message.get(field)?.at(-1) ?? new Uint8Array();
  if (typeof value === 'bigint') throw malformedAnswer();
  return value;
}

/** All values of a field that is repeated bytes or messages. */
export function allOf(message: ProtoMessage, field: number): readonly Uint8Array[] {
  return (message.get(field) ?? []).map((value) => {
    if (typeof value === 'bigint') throw malformedAnswer();
    return value;
  });
}
