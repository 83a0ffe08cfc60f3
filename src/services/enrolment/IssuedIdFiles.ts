import { bytesToHex, hexToBytes } from '../../crypto/bytes.ts';
import { handleOf } from '../../crypto/handleOf.ts';
import type { Primitives } from '../../crypto/Primitives.ts';
import type { Files } from '../../folder/Files.ts';
import { readJsonFile, writeJsonFile } from '../../folder/jsonFiles.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { ADDRESS, BYTES32 } from '../../protocol/wire/findShapeError.ts';
import type { Address } from '../../protocol/ids.ts';
import { isOfShape } from '../../protocol/wire/isOfShape.ts';
import { succeeds } from '../../protocol/wire/succeeds.ts';
import type { IssuedId, IssuedIds } from './PatientIds.ts';

const SUFFIX = '.json';
const UNDER_HANDLE = {
  handle: BYTES32,
  patientId: 'text',
  salt: /^0x[0-9a-f]{32}$/,
} as const;
const ISSUED_ID = { ...UNDER_HANDLE, party: ADDRESS } as const;
/** Older ones may lack the party. */
const ANY_ISSUED_ID = { ...UNDER_HANDLE, 'party?': ADDRESS } as const;

/** Patient IDs that a member of the authority issued: a file for each, under the party or, if older, the handle. */
export class IssuedIdFiles implements IssuedIds {
  readonly #files: Files;
  readonly #folder: string;

  /**
   * @param files - A folder.
   * @param within - Folder of the member in it, with a slash at the end; the folder itself if empty.
   */
  constructor(files: Files, within = '') {
    this.#files = files;
    this.#folder = `${within}issued`;
  }

  /** @throws MedsealError `FOLDER_FOREIGN` if the file was altered, for another party's ID may stand in it. */
  async find(party: Address): Promise<IssuedId | undefined> {
    const path = this.#pathOf(party);
    const issued = await readJsonFile(this.#files, path);
    if (issued === undefined) return undefined;
    if (isOfShape(ISSUED_ID, issued) && issued.party === party) return issued;
    const what = `${path} was altered`;
    throw new MedsealError('FOLDER_FOREIGN', { path: this.#files.path, what });
  }

  async keep(issued: IssuedId): Promise<void> {
    await writeJsonFile(this.#files, this.#pathOf(issued.party), issued);
  }

  /** Parties, and handles of older ones, that have an ID. */
  async names(): Promise<readonly string[]> {
    const names = await this.#files.list(this.#folder);
    return names.flatMap((name) => (name.endsWith(SUFFIX) ? [name.slice(0, -SUFFIX.length)] : []));
  }

  /**
   * Finds files that were altered: each ID opens its handle, and is stored under its party or handle.
   *
   * @param primitives - Hashes.
   * @param channels - Names of the channels in which the organisation issues IDs.
   * @returns Their paths.
   */
  async findAltered(
    primitives: Primitives,
    channels: readonly string[],
  ): Promise<readonly string[]> {
    const altered: string[] = [];
    for (const name of await this.names()) {
      const path = this.#pathOf(name);
      const issued: unknown = await readJsonFile(this.#files, path).catch(() => undefined);
      const isWhole = succeeds(() => {
        if (!isOfShape(ANY_ISSUED_ID, issued)) return false;
        const { handle, patientId, salt, party = handle } = issued;
        const opening = { patientId, salt: hexToBytes(salt) };
        return (
          name === party &&
          channels.some(
            (channel) => bytesToHex(handleOf(primitives, { channel, ...opening })) === handle,
          )
        );
      });
      if (!isWhole) altered.push(path);
    }
    return altered;
  }

  #pathOf(name: string): string {
    return `${this.#folder}/${name}${SUFFIX}`;
  }
}
