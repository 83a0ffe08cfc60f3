/**
 * Tells whether a value has the form of another one: the same fields, each of the same kind. Items of a list are compared
 * with the first item of the other, if it has one.
 *
 * @param value - Value that another version of the page may have stored.
 * @param model - Value that it is compared with.
 */
export function fitsLike<Model>(value: unknown, model: Model): value is Model {
  if (Array.isArray(model)) {
    if (!Array.isArray(value)) return false;
    const [first] = model as readonly unknown[];
    return first === undefined || value.every((each) => fitsLike(each, first));
  }
  if (typeof model !== 'object' || model === null) return typeof value === typeof model;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const [own, wanted] = [Object.entries(value), Object.entries(model)];
  const isOf = ([name, of]: readonly [string, unknown]): boolean =>
    Object.hasOwn(value, name) && fitsLike((value as Record<string, unknown>)[name], of);
  return own.length === wanted.length && wanted.every(isOf);
}
