import type { FileHandle } from 'node:fs/promises';
import { maskedCrc32c } from './crc32c.ts';
import { unpackSnappy } from './unpackSnappy.ts';
import { readVarint } from './varint.ts';

/**
 * LevelDB's table format (google/leveldb `doc/table_format.md`): blocks one after the other, each with a byte for its
 * compression and a checksum; the last of them is the index of the others; then a footer.
 */
const FOOTER = 48;
const MAGIC = 0xdb4775248b80fb57n;
/** Compression and checksum behind each block. */
const TRAILER = 5;

/** Place of a block. */
interface Handle {
  readonly offset: number;
  readonly size: number;
}

/**
 * Examines every byte of a table at rest: each block has a valid checksum, and blocks, index and footer fill the file.
 *
 * @param file - Open for reading.
 * @returns Descriptions of faults, each of which names a byte; empty if the table is intact.
 */
export async function examineTable(file: FileHandle): Promise<readonly string[]> {
  const { size } = await file.stat();
  const faults: string[] = [];
  if (size < FOOTER) return [`it has ${size} bytes, which is not a table`];
  const end = await read(file, { offset: size - FOOTER, size: FOOTER });
  const footer = readFooter(end);
  if (footer === undefined) return [`its footer at byte ${size - FOOTER} is malformed`];
  const index = await block(file, footer.index, size);
  const meta = await block(file, footer.meta, size);
  if (typeof index === 'string' || typeof meta === 'string') {
    return [index, meta].filter((each) => typeof each === 'string');
  }
  let handles: readonly Handle[];
  try {
    handles = [...handlesIn(index), ...handlesIn(meta), footer.meta, footer.index];
  } catch {
    return [`its index at byte ${footer.index.offset} cannot be read`];
  }
  let next = 0;
  for (const handle of handles.toSorted((one, other) => one.offset - other.offset)) {
    if (handle.offset !== next) faults.push(`bytes ${next} to ${handle.offset} belong to no block`);
    next = handle.offset + handle.size + TRAILER;
    const found = await block(file, handle, size);
    if (typeof found === 'string') faults.push(found);
  }
  if (next !== size - FOOTER) faults.push(`bytes ${next} to ${size - FOOTER} belong to no block`);
  return faults;
}

/** Returns a block's content, unpacked, or a description of its fault. */
async function block(
  file: FileHandle,
  handle: Handle,
  length: number,
): Promise<Uint8Array | string> {
  const { offset, size } = handle;
  const what = `the block at byte ${offset}`;
  if (offset + size + TRAILER > length - FOOTER) return `${what} is beyond the end`;
  const bytes = await read(file, { offset, size: size + TRAILER });
  const sealed = bytes.subarray(0, size + 1);
  if (uint32(bytes, size + 1) !== maskedCrc32c(sealed)) return `${what} was altered`;
  const content = bytes.subarray(0, size);
  if (bytes[size] === 0) return content;
  try {
    if (bytes[size] === 1) return unpackSnappy(content);
  } catch {
    // The checksum is valid, but LevelDB does not write such a block.
  }
  return `${what} cannot be unpacked`;
}

function readFooter(
  bytes: Uint8Array,
): { readonly meta: Handle; readonly index: Handle } | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getBigUint64(FOOTER - 8, true) !== MAGIC) return undefined;
  try {
    const meta = readHandle(bytes, 0);
    const index = readHandle(bytes, meta.next);
    const padded = bytes.subarray(index.next, FOOTER - 8).every((byte) => byte === 0);
    return padded ? { meta: meta.handle, index: index.handle } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Returns the handles that a block has as its values: each row is shared length, own length, value's length, key,
 * value.
 */
function handlesIn(content: Uint8Array): readonly Handle[] {
  const restarts = uint32(content, content.length - 4);
  const end = content.length - 4 - 4 * restarts;
  const handles: Handle[] = [];
  for (let at = 0; at < end;) {
    const shared = readVarint(content, at);
    const own = readVarint(content, shared.next);
    const value = readVarint(content, own.next);
    handles.push(readHandle(content, value.next + own.value).handle);
    at = value.next + own.value + value.value;
  }
  return handles;
}

function readHandle(
  bytes: Uint8Array,
  at: number,
): { readonly handle: Handle; readonly next: number } {
  const offset = readVarint(bytes, at);
  const size = readVarint(bytes, offset.next);
  return { handle: { offset: offset.value, size: size.value }, next: size.next };
}

async function read(file: FileHandle, { offset, size }: Handle): Promise<Uint8Array> {
  const bytes = new Uint8Array(size);
  for (let at = 0; at < size;) {
    const { bytesRead } = await file.read(bytes, at, size - at, offset + at);
    if (bytesRead === 0) break;
    at += bytesRead;
  }
  return bytes;
}

function uint32(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(at, true);
}
