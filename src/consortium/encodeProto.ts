import { concatBytes } from '../crypto/bytes.ts';

/** A field of a protobuf message: its number, its wire form, its value. */
export type ProtoField =
  | readonly [number: number, form: 'varint' | 'fixed64', value: number]
  | readonly [number: number, form: 'bytes' | 'message', value: Uint8Array];

const WIRE = { varint: 0, fixed64: 1, bytes: 2, message: 2 };

/**
 * A protobuf message as Go's libraries write it, so that hashes and signatures over it agree.
 *
 * @param fields - In the order of their numbers. As in proto3, 0 and empty bytes are left out; a `message` never is.
 */
export function encodeProto(fields: readonly ProtoField[]): Uint8Array {
  return concatBytes(
    ...fields.flatMap(([number, form, value]) => {
      if (typeof value !== 'number') {
        if (value.length === 0 && form === 'bytes') return [];
        return [varint(number * 8 + WIRE[form]), varint(value.length), value];
      }
      if (value === 0) return [];
      return [varint(number * 8 + WIRE[form]), form === 'varint' ? varint(value) : fixed64(value)];
    }),
  );
}

/**
 * A number as a protobuf varint.
 *
 * @param value - A safe integer; a negative one takes ten bytes.
 */
export function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  if (value < 0) {
    let rest = BigInt.asUintN(64, BigInt(value));
    for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
    bytes.push(Number(rest));
  } else {
    let rest = value;
    for (; rest > 0x7f; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
    bytes.push(rest);
  }
  return Uint8Array.from(bytes);
}

function fixed64(value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigInt64(0, BigInt(value), true);
  return bytes;
}
