import { fieldOf, listOf } from './fieldOf.ts';

/**
 * Finds the resource that a reference names, as seen from the resource that refers. It is undefined unless that bundle
 * holds exactly one such resource: an address means nothing in another bundle, whose author numbers as they like.
 */
export type Resolve = (from: unknown, reference: string) => unknown;

/** A resource that is being read: what refers, and how its references are found. */
export interface Referrer {
  readonly from: unknown;
  readonly resolve: Resolve;
}

/** A resource, and where it lies. */
export interface Entry {
  /** The bundle that it is of and the author who wrote it there, the same for each entry of that author's bundle alone. */
  readonly bundle: string;
  /** The address that its bundle gives it. */
  readonly url?: string | undefined;
  readonly resource: unknown;
}

/**
 * Finds resources by what references of their own bundle call them: the address in the bundle, or, for a reference
 * without a server, the address at the server of the resource that refers (FHIR R4, Bundle, resolving references). Without
 * such an address, type and id. A resource is also asked for those that it contains, which it calls `#id`.
 *
 * @param entries - Resources of opened records, of any number of bundles.
 */
export function resolverOf(entries: readonly Entry[]): Resolve {
  const entryOf = new Map<unknown, Entry>();
  const bundles = new Map<string, { readonly urls: Names; readonly ids: Names }>();
  for (const entry of entries) {
    const { bundle, url, resource } = entry;
    entryOf.set(resource, entry);
    const { urls, ids } = bundles.get(bundle) ?? { urls: new Names(), ids: new Names() };
    bundles.set(bundle, { urls, ids });
    const [type, id] = [fieldOf(resource, 'resourceType'), fieldOf(resource, 'id')];
    if (typeof url === 'string') urls.add(url, resource);
    if (typeof type === 'string' && typeof id === 'string') ids.add(`${type}/${id}`, resource);
  }
  const holders = new WeakMap<object, object>();
  const contained = new WeakMap<object, Names>();
  return (from, reference) => {
    if (typeof from !== 'object' || from === null) return undefined;
    const holder = holders.get(from) ?? from;
    if (reference.startsWith('#')) {
      const names = contained.get(holder) ?? containedIn(holder, holders);
      contained.set(holder, names);
      return names.find(reference.slice(1));
    }
    const entry = entryOf.get(holder);
    const names = entry && bundles.get(entry.bundle);
    if (/^[a-z][a-z0-9+.-]*:/i.test(reference)) return names?.urls.find(reference);
    const server = serverOf(entry?.url);
    return server === undefined ? names?.ids.find(reference) : names?.urls.find(server + reference);
  };
}

/** Resources by name. A name that two have is neither's. */
class Names {
  readonly #found = new Map<string, unknown>();

  add(name: string, resource: unknown): void {
    this.#found.set(name, this.#found.has(name) ? undefined : resource);
  }

  find(name: string): unknown {
    return this.#found.get(name);
  }
}

function containedIn(holder: object, holders: WeakMap<object, object>): Names {
  const names = new Names();
  for (const each of listOf(fieldOf(holder, 'contained'))) {
    const id = fieldOf(each, 'id');
    if (typeof each !== 'object' || each === null || typeof id !== 'string') continue;
    names.add(id, each);
    holders.set(each, holder);
  }
  return names;
}

/** The server that an address names, with the slash at its end; undefined if it names none. */
function serverOf(url: string | undefined): string | undefined {
  if (typeof url !== 'string' || !/^https?:\/\//i.test(url)) return undefined;
  const type = url.lastIndexOf('/', url.lastIndexOf('/') - 1);
  return url.slice(0, type + 1);
}
