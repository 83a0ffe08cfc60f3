/**
 * The one program of the frame: it starts the code that the page hands over, in a worker of the frame's own opaque origin, and
 * gives it the port to the page. The policy of the page allows it by its hash, and it refuses to run in any other origin.
 */
export const FRAME_SCRIPT = `'use strict';
if (self.origin !== 'null') throw new Error('This belongs into a frame without an origin.');
addEventListener('message', ({ data, ports, source }) => {
  if (source !== parent) return;
  const fail = () => parent.postMessage('failed', '*');
  try {
    const rules = { createScriptURL: (url) => url };
    const policy = self.trustedTypes?.createPolicy('medseal-frame', rules) ?? rules;
    const code = URL.createObjectURL(new Blob([data], { type: 'text/javascript' }));
    const worker = new Worker(policy.createScriptURL(code));
    worker.onerror = fail;
    worker.postMessage(null, [...ports]);
  } catch {
    fail();
  }
});`;

/**
 * The frame's document. Its policy is narrower than that of the page, which the frame has besides: it connects to nothing, loads nothing, frames nothing, and sends no form.
 *
 * @param hash - SHA-256 of `FRAME_SCRIPT`, as a policy names it.
 */
export function frameDocument(hash: string): string {
  const policy = `default-src 'none'; script-src 'wasm-unsafe-eval' '${hash}'; worker-src blob:; base-uri 'none'; form-action 'none'`;
  return `<!doctype html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}"><script>${FRAME_SCRIPT}</script>`;
}
