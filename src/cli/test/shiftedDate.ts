import { readFileSync } from 'node:fs';

/**
 * Loaded with `--import`, it has a Node process read a wall clock that the file named by `SHIFTED_CLOCK` shifts by some
 * milliseconds, also while it runs. Timers and `performance.now` go on as they are, as they do when an operator sets a
 * machine's clock.
 */

const file = process.env['SHIFTED_CLOCK'] ?? '';
/** Milliseconds for which the file's content is taken to be the same. */
const KEPT = 50;
const RealDate = Date;
let read = -KEPT;
let shift = 0;

/** Reads the file now, for a process that has just written it. */
export function readShift(): void {
  shift = Number(readFileSync(file, 'utf8'));
  read = performance.now();
}

function now(): number {
  if (performance.now() - read >= KEPT) readShift();
  return RealDate.now() + shift;
}

globalThis.Date = new Proxy(RealDate, {
  construct: (target, args, newTarget) =>
    Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget) as object,
  apply: () => new RealDate(now()).toString(),
  get: (target, key, receiver) =>
    key === 'now' ? now : (Reflect.get(target, key, receiver) as unknown),
});
