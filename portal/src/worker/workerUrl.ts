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
/** Addresses in memory of code that was verified by the page's pin. */
const verified = new Set<string>();

/**
 * Returns the address of a worker's code, which nothing but a file that the page pins can be.
 *
 * @param path - The file, from the page on, such as `./worker.js`; or an address of `verifiedUrl`.
 * @throws TypeError if the page does not pin it.
 */
export function workerUrl(path: string): string {
  return policy.createScriptURL(path);
}

/**
 * Returns how the page names a file, which is from its own address on, such as `./assets/worker.js`.
 *
 * @param built - Address of the file, as the build gives it.
 */
export function pathInPage(built: string): string {
  return new URL(built, document.baseURI).href.replace(new URL('.', document.baseURI).href, './');
}

/**
 * Fetches a worker's code under the integrity that the page names, since no browser verifies what a worker loads.
 *
 * @param path - The file, from the page on.
 * @returns An address in memory, which `workerUrl` takes.
 * @throws TypeError if the page does not pin the file, the code differs, or it did not come.
 */
export async function verifiedUrl(path: string): Promise<string> {
  const code = new Blob([await verifiedCode(path)], { type: 'text/javascript' });
  const url = URL.createObjectURL(code);
  verified.add(url);
  return url;
}

/**
 * Fetches a file under the integrity that the page names.
 *
 * @param path - The file, from the page on.
 * @returns Its bytes.
 * @throws TypeError if the page does not pin the file, it differs, or it did not come.
 */
export async function verifiedCode(path: string): Promise<ArrayBuffer> {
  const answer = await fetch(requirePinned(path), { integrity: pins()[path] ?? '' });
  return await answer.arrayBuffer();
}

function requirePinned(path: string): string {
  if (verified.has(path)) return path;
  if (Object.hasOwn(pins(), path)) return new URL(path, document.baseURI).href;
  throw new TypeError(`the page pins no file ${path}`);
}

function pins(): Readonly<Record<string, string>> {
  const map = document.querySelector('script[type="importmap"]')?.textContent ?? '{}';
  const { integrity = {} } = JSON.parse(map) as { integrity?: Readonly<Record<string, string>> };
  return integrity;
}
