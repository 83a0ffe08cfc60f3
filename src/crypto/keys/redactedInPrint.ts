const INSPECT = Symbol.for('nodejs.util.inspect.custom');

/**
 * Copies a value that holds secrets so that `console.log` and errors in Node show `[secret]`, also once it is spread
 * into another object. JSON still writes it whole, for it is stored.
 *
 * @param value - A value that has to be stored as it is.
 */
export function redactedInPrint<Value extends object>(value: Value): Value {
  return { ...value, [INSPECT]: hidden };
}

function hidden(): string {
  return '[secret]';
}
