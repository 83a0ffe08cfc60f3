import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { bytesToHex } from '../../crypto/bytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Shape } from '../../protocol/wire/findShapeError.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import type { Of } from '../../protocol/struct/Of.ts';
import { messageShape, signedShape } from '../../protocol/shapes/messageShape.ts';
import type { Visitor } from '../home/openVisitor.ts';
import { readGiven } from '../program/readGiven.ts';
import { readGivenShape } from '../program/readGivenShape.ts';
import { writeFileWhole } from '../program/writeFileWhole.ts';

/** The file that opens a birth: what its registrar signed, and the mother's permission. */
export const BIRTH_OPENING = {
  birth: messageShape('Birth'),
  'link?': signedShape('BirthLink'),
} as const;

/** Hash of a file that was named, such as a certificate. */
export async function hashOfFile({ party }: Visitor, path: string): Promise<Bytes32> {
  return bytesToHex(party.primitives.sha256(await readGiven(path)));
}

/**
 * Writes what was signed to a file, which opens what the ledger has of it. A file that is there may be the only opening of
 * something else, so it is never written over.
 *
 * @param path - The file.
 * @param signed - The signed values, as JSON.
 * @throws MedsealError `ARGUMENT_INVALID` if the file is there, and holds something else.
 */
export async function writeOpening(path: string, signed: object): Promise<void> {
  const text = textOf(signed);
  if (existsSync(path)) {
    if ((await readFile(path, 'utf8')) === text) return;
    const reason = `${path} is there already, and may be the only opening of another one: name a new file`;
    throw new MedsealError('ARGUMENT_INVALID', { argument: 'out', reason });
  }
  await writeFileWhole(path, text);
}

/**
 * Writes what was signed for another to a file, in the place of an earlier one of its kind: it opens nothing, and serves as
 * well if it is signed again.
 *
 * @param path - The file.
 * @param signed - The signed value, as JSON.
 * @param shape - Its shape.
 * @throws MedsealError `ARGUMENT_INVALID` if the file is there, and is of another kind.
 */
export async function writeForAnother(
  path: string,
  signed: object,
  shape: ReturnType<typeof signedShape>,
): Promise<void> {
  const text = textOf(signed);
  if (existsSync(path))
    await readGivenShape(path, shape, 'the file is there already, and holds something else');
  await writeFileWhole(path, text);
}

function textOf(signed: object): string {
  return `${JSON.stringify(signed, null, 2)}\n`;
}

/**
 * Reads what was signed from a file.
 *
 * @param path - The file.
 * @param shape - Its shape.
 * @param what - Its content, for an error.
 * @throws MedsealError `ARGUMENT_INVALID` if it holds something else.
 */
export async function readOpening<const S extends Shape>(
  path: string,
  shape: S,
  what: string,
): Promise<Of<S>> {
  return await readGivenShape(path, shape, `the file holds no ${what}`);
}
