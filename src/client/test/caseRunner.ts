/**
 * Runs suites of cases in a web page, as far as they use `node:test` and `node:assert/strict`: the bundle for the page names this
 * file in place of both.
 */

/** Outcome of a case in the page. */
export interface CaseOutcome {
  readonly name: string;
  /** Why it failed; absent if it passed. */
  readonly fault?: string;
}

interface Case {
  readonly name: string;
  readonly run: () => unknown;
}

const suites: Promise<void>[] = [];
const cases: Case[] = [];

/** Collects the cases of a suite. */
export function describe(_name: string, suite: () => unknown): void {
  suites.push(Promise.resolve(suite()).then(() => undefined));
}

/** Collects a case. */
export function it(name: string, run: () => unknown): void {
  cases.push({ name, run });
}

/** Runs the cases that were collected, one after the other. */
export async function runCases(): Promise<readonly CaseOutcome[]> {
  await Promise.all(suites.splice(0));
  const outcomes: CaseOutcome[] = [];
  for (const { name, run } of cases.splice(0)) {
    try {
      await run();
      outcomes.push({ name });
    } catch (error) {
      outcomes.push({ name, fault: String(error) });
    }
  }
  return outcomes;
}

/** The assertions that the cases use. */
const assertions = {
  ok: (value: unknown, what?: string): void => require(Boolean(value), what ?? 'is not true'),
  equal: (one: unknown, other: unknown, what?: string): void =>
    require(Object.is(one, other), what ?? `${String(one)} is not ${String(other)}`),
  deepEqual: (one: unknown, other: unknown): void => require(isSame(one, other), 'differ'),
  notDeepEqual: (one: unknown, other: unknown): void => require(!isSame(one, other), 'are alike'),
  throws(run: () => unknown, expected: { readonly code?: string }, what?: string): void {
    try {
      run();
    } catch (error) {
      return hasCode(error, expected);
    }
    require(false, what ?? 'does not throw');
  },
  async rejects(run: Promise<unknown>, expected: { readonly code?: string }): Promise<void> {
    const error = await run.then(
      () => require(false, 'does not reject'),
      (cause: unknown) => cause,
    );
    hasCode(error, expected);
  },
};
// oxlint-disable-next-line import/no-default-export -- the module that this one stands for has one
export default assertions;

function require(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

function hasCode(error: unknown, { code }: { readonly code?: string }): void {
  const { code: actual } = Object(error) as { readonly code?: unknown };
  require(code !== undefined && actual === code, `${String(error)} instead of ${code}`);
}

function isSame(one: unknown, other: unknown): boolean {
  return text(one) === text(other);
}

function text(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) =>
    each instanceof Uint8Array ? { bytes: Array.from(each) } : each,
  );
}
