/**
 * Paths of screens that name a chart, a record, a right or a claim, which the browser’s history shall not tell. The
 * explorer's paths are public, and lie one step deeper.
 */
const NAMED = /^\/([a-z]+)\/(0x[0-9a-f]{64}|~\d+)(?=\/|$)/;

/**
 * Short names for the charts, records and rights in the page's address, good until the page is locked or loaded again. The
 * history of a browser that others use, or that is copied to an account, then tells of nobody's chart.
 */
export class PrivatePaths {
  readonly #names = new Map<string, string>();
  readonly #values = new Map<string, string>();
  #count = 0;

  /**
   * Returns a path as it may stand in the address.
   *
   * @param path - As the screens have it, such as `/patients/0x…/results`.
   */
  short(path: string): string {
    return path.replace(NAMED, (all, screen: string, value: string) => {
      if (value.startsWith('~')) return all;
      const name = this.#names.get(value) ?? `~${++this.#count}`;
      this.#names.set(value, name);
      this.#values.set(name, value);
      return `/${screen}/${name}`;
    });
  }

  /**
   * Returns a path as the screens have it; the list of a screen for a name that is forgotten.
   *
   * @param path - As it stands in the address.
   */
  full(path: string): string {
    const [named, screen = '', value = ''] = NAMED.exec(path) ?? [];
    if (named === undefined || !value.startsWith('~')) return path;
    const found = this.#values.get(value);
    return found === undefined ? `/${screen}` : `/${screen}/${found}${path.slice(named.length)}`;
  }

  /** Forgets all names; they are not given again. */
  forget(): void {
    this.#names.clear();
    this.#values.clear();
  }
}
