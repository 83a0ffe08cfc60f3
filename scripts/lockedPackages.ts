/** Entry of `package-lock.json` for the folder of a package. */
export interface LockEntry {
  /** Name, if it is not that of the folder. */
  name?: string;
  version?: string;
  resolved?: string;
  integrity?: string;
  license?: string;
  /** True for a link to a workspace. */
  link?: boolean;
  optional?: boolean;
  workspaces?: unknown;
  devDependencies?: unknown;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  peerDependenciesMeta?: Record<string, { optional?: boolean }>;
}

/** Packages of a lock, by the folders that they are installed in. */
export type LockedPackages = Readonly<Record<string, LockEntry>>;

/** Lists the folders of the packages that the package in `at` names and the lock has; optional peers are left out. */
export function neededBy(packages: LockedPackages, at: string): readonly string[] {
  const { dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta }: LockEntry =
    packages[at] ?? {};
  const names = Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies });
  return names
    .filter((name) => peerDependenciesMeta?.[name]?.optional !== true)
    .flatMap((name) => placeOf(packages, name, at) ?? []);
}

/**
 * Lists the folders of everything that packages need, with their own.
 *
 * @param starts - Folders to begin with; '' is the project.
 */
export function closureOf(
  packages: LockedPackages,
  starts: readonly string[],
): ReadonlySet<string> {
  const found = new Set(starts);
  // A set grows while it is gone through.
  for (const at of found) for (const place of neededBy(packages, at)) found.add(place);
  return found;
}

/** The place at which a package finds another one: its own `node_modules`, or those of the folders above it. */
function placeOf(packages: LockedPackages, name: string, from: string): string | undefined {
  let folder = from;
  for (;;) {
    const place = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`;
    if (Object.hasOwn(packages, place)) return place;
    if (folder === '') return undefined;
    const above = folder.replace(/\/?node_modules\/(?:@[^/]+\/)?[^/]+$/, '');
    // A workspace lies in the project.
    folder = above === folder ? '' : above;
  }
}
