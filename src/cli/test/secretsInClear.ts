import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { base64 } from '@scure/base';
import { addressOf } from '../../crypto/addressOf.ts';
import { bytesToHex, hexToBytes } from '../../crypto/bytes.ts';
import { notePublicKey } from '../../crypto/note/NoteKey.ts';
import type { Primitives } from '../../crypto/Primitives.ts';

/** Secrets that look like ones by themselves. */
const SECRET_WORDS = /AGE-SECRET-KEY-[\w-]+|PRIVATE KEY|priv_?key|mnemonic/gi;
/** Text that can stand for 32 to 64 bytes. */
const HEX = /(?:0x)?((?:[\da-f]{2}){32,64})(?![\da-f])/gi;
const BASE64 = /[\w+/-]{43,88}={0,2}/g;
/** Files of the most bytes whose every 32 bytes are tried as a key: that takes a millisecond each. */
const SMALL = 4096;

/**
 * Looks through all files of folders for secrets that anybody who copies them can read: whatever wrote them, and in
 * whatever form.
 *
 * A secret key is known by its public key, which other files name. A secret without one is known if it is given.
 *
 * @param folders - The folders that hold secrets, and those that hold what is public.
 * @param primitives - Hashes and the curve.
 * @param known - Secrets that must not be there, of any length; each is sought as bytes, as hex digits and in base64.
 * @returns A line for each finding: file, and what is in it.
 */
export async function secretsInClear(
  folders: readonly string[],
  primitives: Primitives,
  known: readonly Uint8Array[] = [],
): Promise<readonly string[]> {
  const files = (await Promise.all(folders.map(filesIn))).flat();
  const texts = files.map(({ content }) => content.toString('latin1'));
  const public_ = texts.join('\n').toLowerCase();
  const found = new Set<string>();
  for (const [place, { path, content }] of files.entries()) {
    const text = texts[place] ?? '';
    for (const [words] of text.matchAll(SECRET_WORDS)) found.add(`${path}: ${words.slice(0, 16)}`);
    for (const candidate of candidatesIn(text, content)) {
      const shown = (await publicsOf(candidate, primitives)).find((each) => public_.includes(each));
      if (shown !== undefined) found.add(`${path}: the secret key of ${shown}`);
    }
    for (const secret of known) {
      const forms = [Buffer.from(secret), bytesToHex(secret).slice(2), base64.encode(secret)];
      const isThere = forms.some((form) => content.includes(form));
      if (isThere || text.toLowerCase().includes(bytesToHex(secret).slice(2)))
        found.add(`${path}: a secret of ${secret.length} bytes`);
    }
  }
  return [...found].toSorted();
}

async function filesIn(folder: string): Promise<readonly { path: string; content: Buffer }[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((each) => each.isFile())
    .map((each) => join(each.parentPath, each.name));
  return await Promise.all(paths.map(async (path) => ({ path, content: await readFile(path) })));
}

/** All that could be a key of 32 bytes: begin and end of longer values too, as some keys are written with their public part. */
function candidatesIn(text: string, content: Buffer): readonly Uint8Array[] {
  const values: Uint8Array[] = [];
  for (const [, digits = ''] of text.matchAll(HEX))
    values.push(hexToBytes(`0x${digits.toLowerCase()}`));
  for (const [word] of text.matchAll(BASE64)) values.push(Buffer.from(word, 'base64'));
  if (content.length <= SMALL && content.some((byte) => byte < 9)) {
    for (let at = 0; at + 32 <= content.length; at++) values.push(content.subarray(at, at + 32));
  }
  return values.flatMap((value) =>
    value.length < 32 ? [] : [value.subarray(0, 32), value.subarray(value.length - 32)],
  );
}

/** All names under which the public part of a secret key is written, in lower case. */
async function publicsOf(secret: Uint8Array, primitives: Primitives): Promise<readonly string[]> {
  const key = notePublicKey(secret);
  const names = [
    bytesToHex(key).slice(2),
    createHash('sha256').update(key).digest('hex').slice(0, 40),
    base64.encode(key).toLowerCase(),
    base64.encode(Uint8Array.of(1, ...key)).toLowerCase(),
  ];
  try {
    names.push(addressOf(primitives, primitives.publicKey(secret)).toLowerCase().slice(2));
    names.push(bytesToHex(primitives.group.base(secret)).slice(2));
  } catch {
    // Not every number is a secret of this curve.
  }
  return names;
}
