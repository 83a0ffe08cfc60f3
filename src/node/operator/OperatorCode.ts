import { timingSafeEqual } from 'node:crypto';
import { utf8ToBytes } from '../../crypto/bytes.ts';
import type { Random } from '../../crypto/Random.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Files } from '../../folder/Files.ts';
import { readJsonFile, writeJsonFile } from '../../folder/jsonFiles.ts';
import { isOfShape } from '../../protocol/wire/isOfShape.ts';

/** File in a node's folder, readable by the folder's owner alone, as long as the node runs. */
const FILE = 'operator.json';
const OPERATOR_FILE = { url: 'text', code: /^[\w-]{43}$/ } as const;

/** The operator's way into a running node. */
export interface OperatorAccess {
  /** Address of the operator's endpoint. */
  readonly url: string;
  readonly code: string;
}

/** The code by which a running node knows its operator: 32 random bytes, new at each start, that only the folder's owner can read. */
export class OperatorCode {
  readonly #code: string;

  /** @param random - Random bytes. */
  constructor(random: Random) {
    this.#code = Buffer.from(random(32)).toString('base64url');
  }

  /** Writes it to the node's folder. */
  async write(files: Files, url: string): Promise<void> {
    await writeJsonFile(files, FILE, { url, code: this.#code });
  }

  /** Removes it from there. */
  async remove(files: Files): Promise<void> {
    await files.remove(FILE);
  }

  /**
   * Requires that a request carries the code, in its header and nowhere else: an address is kept by browsers and written to
   * logs.
   *
   * @param authorization - The header.
   * @throws MedsealError `OPERATOR_UNKNOWN`.
   */
  require(authorization: string | undefined): void {
    const given = utf8ToBytes(authorization ?? '');
    const expected = utf8ToBytes(`Bearer ${this.#code}`);
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
      throw new MedsealError('OPERATOR_UNKNOWN', {});
    }
  }
}

/**
 * Reads the way into the node that runs on a folder.
 *
 * @param files - The folder.
 * @throws MedsealError `FOLDER_FOREIGN`; `CLOSED` if no node runs on it.
 */
export async function readOperatorAccess(files: Files): Promise<OperatorAccess> {
  const value = await readJsonFile(files, FILE);
  if (value === undefined) throw new MedsealError('CLOSED', { what: 'node' });
  if (isOfShape(OPERATOR_FILE, value)) return value;
  throw new MedsealError('FOLDER_FOREIGN', { path: files.path, what: `${FILE} was altered` });
}
