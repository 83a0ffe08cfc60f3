import { interpreterPrototype, type InterpreterParts } from './interpreterPrototype.ts';

let done: Promise<void> | undefined;

/**
 * Keeps the EVM's analysis of code, which it needs before it can jump in it: which places are jump destinations, what
 * is pushed where. The library does this again for every call of a contract, which was a quarter of the time of a batch
 * of grants (each calls the Registry). Code that is read from the state is one object per hash, so the analysis is kept
 * by it.
 *
 * The library gives no other way in, so its interpreter is altered, once per process. `Machine.test.ts` holds this to
 * the version in use: if the method has another name, nothing is altered and that test fails.
 */
export async function cacheJumpAnalysis(): Promise<void> {
  done ??= interpreterPrototype().then(keepAnalyses);
  await done;
}

function keepAnalyses(prototype: InterpreterParts): void {
  // oxlint-disable-next-line typescript/unbound-method -- bound again by `call`
  const { _getValidJumpDestinations: analyse } = prototype;
  if (analyse === undefined) return;
  const analyses = new WeakMap<Uint8Array, unknown>();
  prototype._getValidJumpDestinations = function (code) {
    let analysis = analyses.get(code);
    if (analysis === undefined) {
      analysis = analyse.call(this, code);
      analyses.set(code, analysis);
    }
    return analysis;
  };
}
