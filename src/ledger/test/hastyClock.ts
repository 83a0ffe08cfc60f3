import type { Clock } from '../../protocol/Clock.ts';

/** A clock whose time passes as soon as somebody waits for it. */
export function hastyClock(): Clock & { readonly passed: number } {
  let passed = 0;
  return {
    get passed() {
      return passed;
    },
    now: () => Date.now() + passed,
    after(milliseconds, run) {
      passed += milliseconds;
      const timer = setImmediate(run);
      return () => {
        clearImmediate(timer);
      };
    },
  };
}
