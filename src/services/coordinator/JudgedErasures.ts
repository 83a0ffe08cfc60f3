import { acceptedErase } from '../../protocol/rights/acceptedErase.ts';
import type { BodyEncryption } from '../../log/encryptBodies.ts';
import type { EvidenceLog } from '../../log/EvidenceLog.ts';
import { parseRow } from '../../database/parseRow.ts';
import type { ServiceDatabase } from '../../database/synced.ts';
import { erasesVersion, type ErasableVersion } from '../../protocol/rights/erasesVersion.ts';
import type { Handle, LogName } from '../../protocol/ids.ts';
import { parseEntryBody } from '../../protocol/evidence/parseBody.ts';
import type { Erase } from '../../protocol/struct/requests.ts';
import { Erasures } from '../entries/Erasures.ts';
import type { KnownErasures } from '../entries/KnownErasures.ts';
import { wentBeyond } from '../entries/wentBeyond.ts';
import { rowsOf } from './coordinatorKeys.ts';
import { DUE_ROW } from './coordinatorRows.ts';
import { judgedBody } from './judgedBody.ts';

/** An erasure that the coordinator agreed to, and by when its log must hold it. */
export interface JudgedErasure {
  readonly erase: Erase;
  /** Unix seconds. */
  readonly includeBy: number;
}

/**
 * All erasures that a coordinator knows of: those in the logs, as its organisation holds them, and those that it agreed to
 * and that their log may hold by now. So of each quorum one coordinator refuses, before the entry is copied everywhere.
 */
export class JudgedErasures implements KnownErasures {
  readonly #stored: { readonly database: ServiceDatabase; readonly bodies: BodyEncryption };
  readonly #logs: ReadonlyMap<LogName, EvidenceLog>;
  readonly #entered: Erasures;
  #due: JudgedErasure[] = [];
  #loading: Promise<void> | undefined;

  /**
   * @param stored - The coordinator's store, and what encrypts bodies there.
   * @param logs - The organisation's own log and its copies of the others.
   */
  constructor(
    stored: { readonly database: ServiceDatabase; readonly bodies: BodyEncryption },
    logs: ReadonlyMap<LogName, EvidenceLog>,
  ) {
    this.#stored = stored;
    this.#logs = logs;
    this.#entered = new Erasures(logs.values());
  }

  /** Notes one that it is about to agree to; the note of due bodies keeps it on disk. */
  note(judged: JudgedErasure): void {
    this.#due.push(judged);
  }

  async has(handle: Handle): Promise<boolean> {
    await this.#loaded();
    return this.#due.some(({ erase }) => erase.handle === handle) || this.#entered.has(handle);
  }

  async isErased(version: ErasableVersion): Promise<boolean> {
    await this.#loaded();
    const due = await this.#isDue(version);
    // Afterwards: one that came into a log meanwhile may be void by then as a promise.
    return due || (await this.#entered.isErased(version));
  }

  async #isDue(version: ErasableVersion): Promise<boolean> {
    for (const judged of this.#due) {
      const { erase, includeBy } = judged;
      if (!erasesVersion(erase, version)) continue;
      const log = this.#logs.get(erase.log);
      if (log === undefined || !(await wentBeyond(log, includeBy))) return true;
      // The log holds it by now, or never will. One that ended with its log stays: nobody signs it again.
      this.#due = this.#due.filter((each) => each !== judged);
    }
    return false;
  }

  async #loaded(): Promise<void> {
    this.#loading ??= this.#load();
    await this.#loading;
  }

  async #load(): Promise<void> {
    const { database, bodies } = this.#stored;
    for await (const text of database.values(rowsOf('due'))) {
      const row = parseRow(DUE_ROW, text);
      for (const { entry, erases } of row.bodies) {
        const body = erases === true ? await judgedBody(database, bodies, entry) : undefined;
        const erase = body === undefined ? undefined : acceptedErase(parseEntryBody(body));
        if (erase !== undefined) this.#due.push({ erase, includeBy: row.includeBy });
      }
    }
  }
}
