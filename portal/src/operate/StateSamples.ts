import { coursesOf, type Course, type StateSample } from './coursesOf.ts';

/** Most samples that are kept: two hours, one each ten seconds. */
const MOST = 720;

/** The states of a node since its page was opened; they outlive the screen that takes them. */
export class StateSamples {
  #kept: readonly StateSample[] = [];

  /**
   * Adds a sample; the oldest go.
   *
   * @param sample - The newest.
   * @returns Its courses meanwhile.
   */
  add(sample: StateSample): readonly Course[] {
    this.#kept = [...this.#kept, sample].slice(-MOST);
    return coursesOf(this.#kept);
  }
}
