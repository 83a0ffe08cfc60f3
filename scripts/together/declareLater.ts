/** Stands in for `node:test` in test files that share a process: their declarations wait until they are wanted. */
import test from 'node:test';

type Declaring =
  'after' | 'afterEach' | 'before' | 'beforeEach' | 'describe' | 'it' | 'suite' | 'test';

let waiting: (() => unknown)[] | undefined;

/**
 * Loads a test file.
 *
 * @param load - Imports it.
 * @returns Functions that declare the suites, tests and hooks of its top level, in their order.
 */
export async function declaredBy(
  load: () => Promise<unknown>,
): Promise<readonly (() => unknown)[]> {
  const declared: (() => unknown)[] = [];
  waiting = declared;
  try {
    await load();
  } catch (error) {
    const fail = (): never => {
      throw error;
    };
    declared.push(async () => await test('is loaded', fail));
  } finally {
    waiting = undefined;
  }
  return declared;
}

export const after: typeof test.after = later('after');
export const afterEach: typeof test.afterEach = later('afterEach');
export const before: typeof test.before = later('before');
export const beforeEach: typeof test.beforeEach = later('beforeEach');
export const describe: typeof test.describe = later('describe');
export const it: typeof test.it = later('it');
export const suite: typeof test.suite = later('suite');
const testLater: typeof test.test = later('test');
export { testLater as test };

function later<Name extends Declaring>(name: Name): (typeof test)[Name] {
  const declare = test[name] as (...args: unknown[]) => unknown;
  const declareLater = (...args: unknown[]): unknown =>
    waiting === undefined ? declare(...args) : void waiting.push(() => declare(...args));
  return declareLater as (typeof test)[Name];
}
