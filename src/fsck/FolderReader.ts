import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isMedsealError } from '../errors/isMedsealError.ts';
import type { Files } from '../folder/Files.ts';
import { readJsonFile } from '../folder/jsonFiles.ts';
import { openSharedFolder } from '../folder/openFolder.ts';
import type { FolderFaultKind } from '../services/examination/FolderFault.ts';
import type { ExaminationHearer } from '../services/examination/OrganisationExamination.ts';

/** Reads the files of a folder that is examined, and reports those that are lost or altered. */
export class FolderReader {
  /** Path of the folder. */
  readonly data: string;
  readonly files: Files;
  readonly #hearer: Pick<ExaminationHearer, 'fault'>;

  private constructor(data: string, files: Files, hearer: Pick<ExaminationHearer, 'fault'>) {
    this.data = data;
    this.files = files;
    this.#hearer = hearer;
  }

  /**
   * Opens a folder to be examined.
   *
   * @param data - Its path.
   * @param hearer - Receiver of findings.
   */
  static async open(data: string, hearer: Pick<ExaminationHearer, 'fault'>): Promise<FolderReader> {
    return new FolderReader(data, await openSharedFolder(data), hearer);
  }

  /** Reports a fault that a backup mends. */
  say(kind: FolderFaultKind, path: string, what: string): void {
    this.#hearer.fault({ kind, path, what: `${path}: ${what}`, remedy: 'backup' });
  }

  /** Reads a file, and reports a fault if it is lost, not as it was written, or `parse` throws. */
  async read<Value>(
    kind: FolderFaultKind,
    path: string,
    parse: (value: unknown) => Value | Promise<Value>,
  ): Promise<Value | undefined> {
    try {
      const value = await readJsonFile(this.files, path);
      if (value === undefined) {
        this.say(kind, path, 'it is lost');
        return undefined;
      }
      // There is one spelling in which it was written.
      const written = await readFile(join(this.data, path), 'utf8');
      if (`${JSON.stringify(value, null, 2)}\n` !== written) {
        this.say(kind, path, 'it was altered');
      }
      return await parse(value);
    } catch (error) {
      this.say(kind, path, isMedsealError(error) ? error.message : 'it cannot be read');
      return undefined;
    }
  }

  /** Tells whether there is such a file. */
  async isThere(path: string): Promise<boolean> {
    return (await this.files.size(path)) !== undefined;
  }

  /** Names of the folders within one, in order. */
  async namesIn(path: string): Promise<readonly string[]> {
    const found = await readdir(join(this.data, path), { withFileTypes: true }).catch(() => []);
    return found.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).toSorted();
  }
}
