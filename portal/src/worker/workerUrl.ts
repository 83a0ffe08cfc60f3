/** A policy of Trusted Types, as far as it is used; the page's types lack it. */
interface WorkerPolicy {
  createScriptURL(path: string): string;
}

const { trustedTypes } = globalThis as {
  readonly trustedTypes?: { createPolicy(name: string, rules: WorkerPolicy): WorkerPolicy };
};
const RULES: WorkerPolicy = { createScriptURL: requirePinned };
/** The one policy that the portal has; the server names it. Browsers without Trusted Types go by the same rule. */
const policy = trustedTypes?.createPolicy('medseal-worker', RULES) ?? RULES;

/**
 * Returns the address of a worker's code, which nothing but a file that the page pins can be.
 *
 * @param path - The file, from the page on, such as `./worker.js`.
 * @throws TypeError if the page does not pin it.
 */
export function workerUrl(path: string): string {
  return policy.createScriptURL(path);
}

function requirePinned(path: string): string {
  const map = document.querySelector('script[type="importmap"]')?.textContent ?? '{}';
  const { integrity = {} } = JSON.parse(map) as { integrity?: Readonly<Record<string, string>> };
  if (Object.hasOwn(integrity, path)) return new URL(path, document.baseURI).href;
  throw new TypeError(`the page pins no file ${path}`);
}
