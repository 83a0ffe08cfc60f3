/**
 * Keeps what the EVM finds out about code before it can jump in it: which places are jump destinations, what is pushed
 * where. The library does this again for every call of a contract, which is a quarter of the time of a batch of grants
 * (each calls the Registry). Code that is read from the state is one object per hash, so the analysis is kept by it.
 *
 * The library gives no other way in, so its interpreter is altered, once per process. `cacheJumpAnalysis.test.ts` holds
 * this to the version in use: where the method has another name, nothing is altered and that test fails.
 */
export async function cacheJumpAnalysis(): Promise<void> {
  const location = new URL('./interpreter.js', import.meta.resolve('@ethereumjs/evm')).href;
  const { Interpreter } = (await import(location)) as { Interpreter: { prototype: Analyst } };
  const { prototype } = Interpreter;
  // oxlint-disable-next-line typescript/unbound-method -- bound anew by `call`
  const { _getValidJumpDestinations: analyse } = prototype;
  if (known.has(prototype) || analyse === undefined) return;
  known.add(prototype);
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

interface Analyst {
  _getValidJumpDestinations?(this: unknown, code: Uint8Array): unknown;
}

const known = new WeakSet<Analyst>();
