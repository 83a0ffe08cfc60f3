import { closeSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';

/**
 * Fills the disk of a folder but for some bytes.
 *
 * @param folder - The folder; one file in it takes the room.
 * @param room - Number of bytes that stay free.
 * @returns Call it to make room again.
 */
export function takeRoom(folder: string, room: number): () => void {
  const { bavail, bsize } = statfsSync(folder);
  const filler = `${folder}/filler`;
  const file = openSync(filler, 'w');
  let left = bavail * bsize - room;
  try {
    for (; left > 0; left -= 4096) writeSync(file, Buffer.alloc(Math.min(4096, left)));
  } catch {
    // Pages that hold names count as well.
  }
  closeSync(file);
  return () => rmSync(filler);
}
