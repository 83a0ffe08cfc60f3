/**
 * Returns about how many characters a value takes as JSON. It is exact enough for a budget, and looks at each value once.
 *
 * @param value - Anything that JSON can carry.
 */
export function sizeOf(value: unknown): number {
  let size = 0;
  const left = [value];
  while (left.length > 0) {
    const each = left.pop();
    if (typeof each === 'string') size += each.length + 3;
    else if (typeof each !== 'object' || each === null) size += 5;
    else {
      size += 3;
      if (Array.isArray(each)) for (const item of each) left.push(item);
      else {
        for (const [name, item] of Object.entries(each)) {
          size += name.length + 3;
          left.push(item);
        }
      }
    }
  }
  return size;
}
