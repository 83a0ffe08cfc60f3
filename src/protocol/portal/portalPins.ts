/** The pins of a portal's page: of each of its files, by its path below the page, the integrity (W3C SRI). */
export type PortalPins = ReadonlyMap<string, string>;

const PINS = /<script type="importmap">([^<]*)<\/script>/;
/** A path below the page: names of letters, digits, hyphens, dots and underscores, none of which begins with a dot. */
const PATH = /^\.\/((?:[\w-][\w.-]*\/)*[\w-][\w.-]*)$/;
const INTEGRITY = /^sha256-[A-Za-z0-9+/]{43}=$/;

/**
 * Reads the pins of a portal's page, which stand in its import map.
 *
 * @param page - The page, as HTML.
 * @returns The pins; undefined if it has none, or if its map names anything but files below the page.
 */
export function portalPins(page: string): PortalPins | undefined {
  const pins = new Map<string, string>();
  const named = integritiesIn(PINS.exec(page)?.[1]);
  if (named === undefined) return undefined;
  for (const [url, integrity] of Object.entries(named)) {
    const path = PATH.exec(url)?.[1];
    if (path === undefined) return undefined;
    if (typeof integrity !== 'string' || !INTEGRITY.test(integrity)) return undefined;
    pins.set(path, integrity);
  }
  return pins;
}

function integritiesIn(text: string | undefined): object | undefined {
  if (text === undefined) return undefined;
  try {
    const map = JSON.parse(text) as { readonly integrity?: unknown } | null;
    const { integrity } = map ?? {};
    return typeof integrity === 'object' && integrity !== null ? integrity : undefined;
  } catch {
    return undefined;
  }
}
