/**
 * Finds files that import each other in a ring, whatever they take, types included.
 *
 * @param imports - Of each file, the files that it imports.
 * @returns The files of one ring in their order, each importing the next and the last the first; undefined without a ring.
 */
export function findRing(
  imports: ReadonlyMap<string, readonly string[]>,
): readonly string[] | undefined {
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (file: string): readonly string[] | undefined => {
    if (path.includes(file)) return path.slice(path.indexOf(file));
    if (done.has(file)) return undefined;
    path.push(file);
    for (const imported of imports.get(file) ?? []) {
      const ring = visit(imported);
      if (ring !== undefined) return ring;
    }
    path.pop();
    done.add(file);
    return undefined;
  };
  for (const file of imports.keys()) {
    const ring = visit(file);
    if (ring !== undefined) return ring;
  }
  return undefined;
}
