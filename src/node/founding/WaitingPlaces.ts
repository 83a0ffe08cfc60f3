import { KeyedLock } from '../../database/KeyedLock.ts';
import type { Files } from '../../folder/Files.ts';
import type { Address } from '../../protocol/ids.ts';

/** The most applications that wait for a decision of one member of the authority. */
const MOST = 1000;

/**
 * The places of applications that wait for an operator. Anybody can apply, and take many of them: when all are taken, the
 * address that has the most of them gives up the one that has not asked for the longest. So a stranger displaces
 * its own, and an applicant who was displaced by many addresses at once has a place again as soon as it asks.
 */
export class WaitingPlaces {
  readonly #files: Files;
  readonly #most: number;
  readonly #alone = new KeyedLock();
  /** The address that asked last for each file, those that have not asked for the longest first. */
  readonly #sources = new Map<string, string>();

  /**
   * @param files - The folder of the organisation's member of the authority.
   * @param most - Number of places.
   */
  constructor(files: Files, most = MOST) {
    this.#files = files;
    this.#most = most;
  }

  /**
   * Takes a party's place, which it may have already.
   *
   * @param party - The applicant.
   * @param source - Address by which its limits are counted, or the organisation whose node brings it; empty if nothing is known of it.
   * @param write - Writes its file.
   */
  async take(party: Address, source: string, write: () => Promise<void>): Promise<void> {
    await this.#alone.run('', async () => {
      await this.#look();
      const name = `${party}.json`;
      this.#sources.delete(name);
      this.#sources.set(name, source);
      while (this.#sources.size > this.#most) {
        const displaced = this.#mostCrowded();
        this.#sources.delete(displaced);
        await this.#files.remove(`waiting/${displaced}`);
      }
      await write();
    });
  }

  /** Learns which files are there: others decide about them, in other processes too, and a start knows no source. */
  async #look(): Promise<void> {
    const names = new Set(await this.#files.list('waiting'));
    for (const name of this.#sources.keys()) if (!names.has(name)) this.#sources.delete(name);
    const unseen = [...names].filter((name) => !this.#sources.has(name));
    if (unseen.length === 0) return;
    const seen = [...this.#sources];
    this.#sources.clear();
    // One source each: they were there before anybody who asks now.
    for (const name of unseen) this.#sources.set(name, `before ${name}`);
    for (const [name, source] of seen) this.#sources.set(name, source);
  }

  /** The file whose source has the most, and that has not asked for the longest among them. */
  #mostCrowded(): string {
    const counts = new Map<string, number>();
    for (const source of this.#sources.values()) counts.set(source, (counts.get(source) ?? 0) + 1);
    const most = Math.max(...counts.values());
    const [displaced] = [...this.#sources].find(([, source]) => counts.get(source) === most) ?? [];
    return displaced ?? '';
  }
}
