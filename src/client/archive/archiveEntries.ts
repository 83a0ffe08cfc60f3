import { readBytes, type ArchiveSource } from './ArchiveFile.ts';
import { readTarHeader, TAR_BLOCK, TAR_END, tarPadding, type TarNamed } from './tarHeader.ts';

/** A file in an archive. */
export interface ArchiveEntry extends TarNamed {
  /** Place of its header. */
  readonly at: number;
  /** Place of its first byte. */
  readonly from: number;
  /** Place of the byte after its last one. */
  readonly to: number;
  /** Place of what follows it. */
  readonly end: number;
}

/** The end of an archive’s files, and its reason. */
export interface ArchiveEnd {
  /** Place of the byte after the last whole file. */
  readonly at: number;
  /** `whole`: the end of a tar file, and nothing behind it. `torn`: the archive was cut off. `damaged`: it is something else. */
  readonly end: 'whole' | 'torn' | 'damaged';
}

/**
 * Lists the files of an archive one by one, from its headers; the contents are not read. No size is believed beyond the end of
 * the archive, and memory stays flat.
 *
 * @param source - The archive.
 * @returns At last, how the list ends.
 */
export async function* archiveEntries(
  source: ArchiveSource,
): AsyncGenerator<ArchiveEntry, ArchiveEnd> {
  const size = await source.size();
  let at = 0;
  while (at + TAR_BLOCK <= size) {
    const header = await readBytes(source, at, at + TAR_BLOCK);
    if (header.every((byte) => byte === 0)) return { at, end: await endAt(source, at, size) };
    const entry = readTarHeader(header);
    if (entry === undefined) return { at, end: 'damaged' };
    const from = at + TAR_BLOCK;
    const to = from + entry.size;
    const end = to + tarPadding(entry.size).length;
    if (end > size) return { at, end: 'torn' };
    const padding = await readBytes(source, to, end);
    if (padding.some((byte) => byte !== 0)) return { at, end: 'damaged' };
    yield { ...entry, at, from, to, end };
    at = end;
  }
  return { at, end: 'torn' };
}

async function endAt(source: ArchiveSource, at: number, size: number): Promise<ArchiveEnd['end']> {
  if (size < at + TAR_END) return 'torn';
  const rest = await readBytes(source, at, at + TAR_END);
  return size === at + TAR_END && rest.every((byte) => byte === 0) ? 'whole' : 'damaged';
}
