import { base64 } from '@scure/base';
import { bytesToHex } from '../../crypto/bytes.ts';
import type { Primitives } from '../../crypto/Primitives.ts';
import { readBody } from '../../crypto/readBody.ts';
import { portalPins } from '../../protocol/portal/portalPins.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { succeeds } from '../../protocol/wire/succeeds.ts';
import { ownLogsOf } from '../../protocol/network/networkLookups.ts';
import { verifyPortalStatement } from '../../protocol/portal/portalStatement.ts';
import { httpAgent } from '../agent/httpAgent.ts';
import type { Fetch } from '../agent/operationCalls.ts';

/** Options of `examinePortal`. */
export interface PortalSources {
  /** SHA-256 of the right page, in hexadecimal, from someone whom you trust or from the package that you installed. */
  readonly sha256?: string;
  /**
   * A network file that you trust. With it each organisation's signed statement about its portal is verified, and compared
   * with the page that its node serves.
   */
  readonly network?: NetworkFile;
  /** Function to use in place of the platform's `fetch`. */
  readonly fetch?: Fetch;
}

/** Finding about the portal that one node serves. */
export interface PortalFinding {
  /** Address of the page. */
  readonly url: string;
  /** SHA-256 of the page that the node served, in hexadecimal; undefined if it served none. */
  readonly sha256: string | undefined;
  /** Number of files that the page pins. */
  readonly files: number;
  /** Faults, each in a sentence without its full stop. */
  readonly faults: readonly string[];
  /** Reason why the page was not checked, such as that the node is away; absent if it was. */
  readonly unchecked?: string;
}

/** Longest answer that is read, bytes. */
const LIMIT = 2 ** 24;
/** Longest time that one answer may take, milliseconds. */
const PATIENCE = 10_000;
const SILENT = 'it does not answer';
/** Answers of a node that is away, or of a proxy before it. */
const AWAY: ReadonlySet<string> = new Set([SILENT, ...[502, 503, 504].map(answers)]);

/**
 * Examines the portals that nodes serve: whether each page is the right one, and each of its files is the one that the page
 * pins. Without a hash to compare with, the pages are compared with the first one. A node that serves no portal is a fault,
 * not an error; one that is away was not checked. A node may serve somebody else another page than you.
 *
 * @param primitives - The hash and the curve of notes.
 * @param urls - Addresses of agents, such as `http://127.0.0.1:8480/hospital`, or of their portals.
 * @param sources - See `PortalSources`.
 * @returns A finding for each address, in their order.
 * @example
 * ```ts
 * const findings = await examinePortal(portablePrimitives, [
 *   'http://127.0.0.1:8480/hospital',
 *   'http://127.0.0.1:8480/laboratory',
 * ]);
 * for (const { url, faults } of findings) console.log(url, faults.join('; ') || 'the same page');
 * ```
 */
export async function examinePortal(
  primitives: Pick<Primitives, 'sha256' | 'verifyEd25519'>,
  urls: readonly string[],
  sources: PortalSources = {},
): Promise<readonly PortalFinding[]> {
  const { fetch = globalThis.fetch, network } = sources;
  const served = await Promise.all(
    urls.map(async (url) => {
      const found = await examineOne(primitives, pageAt(url), fetch);
      if (network === undefined || found.sha256 === undefined) return found;
      const fault = await statementFault(primitives, network, found, fetch);
      return fault === undefined ? found : { ...found, faults: [...found.faults, fault] };
    }),
  );
  const first = served.find(({ sha256 }) => sha256 !== undefined);
  const right = sources.sha256?.toLowerCase() ?? first?.sha256;
  const whose = sources.sha256 === undefined ? `that of ${first?.url}` : 'the expected one';
  return served.map((each) => {
    if (each.sha256 === undefined || each.sha256 === right) return each;
    return { ...each, faults: [`its page is not ${whose}`, ...each.faults] };
  });
}

async function examineOne(
  primitives: Pick<Primitives, 'sha256'>,
  url: string,
  fetch: Fetch,
): Promise<PortalFinding> {
  const nothing = { url, sha256: undefined, files: 0 };
  const page = await answerOf(fetch, url);
  if (typeof page === 'string') {
    return AWAY.has(page)
      ? { ...nothing, faults: [], unchecked: page }
      : { ...nothing, faults: [page] };
  }
  const sha256 = bytesToHex(primitives.sha256(page.bytes)).slice(2);
  const html = new TextDecoder().decode(page.bytes);
  const pins = portalPins(html);
  if (pins === undefined) {
    return { ...nothing, sha256, faults: ['its page pins no files: it is not a portal’s'] };
  }
  const faults: string[] = [];
  // The page repeats its policy, but for the one word that only a header can say.
  const [, said = ''] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html) ?? [];
  if (said === '' || page.policy.replace("; frame-ancestors 'none'", '') !== said) {
    faults.push('the policy that it sends is not that of its page');
  }
  for (const [path, integrity] of pins) {
    const file = await answerOf(fetch, `${url}${path}`);
    if (typeof file === 'string') faults.push(`the file ${path}: ${file}`);
    else if (`sha256-${base64.encode(primitives.sha256(file.bytes))}` !== integrity) {
      faults.push(`the file ${path} differs from what the page pins`);
    }
  }
  return { url, sha256, files: pins.size, faults };
}

/** Says what is wrong with the organisation's statement about the page; undefined if it holds. */
async function statementFault(
  primitives: Pick<Primitives, 'verifyEd25519'>,
  network: NetworkFile,
  { url, sha256 }: PortalFinding,
  fetch: Fetch,
): Promise<string | undefined> {
  const agent = url.slice(0, -'/portal/'.length);
  const organisation = agent.slice(agent.lastIndexOf('/') + 1);
  const logs = ownLogsOf(network, organisation).map(({ log }) => log);
  if (logs.length === 0) return `the network file names no organisation ${organisation}`;
  const prompt: Fetch = async (asked, init) =>
    await fetch(asked, { ...init, signal: AbortSignal.timeout(PATIENCE) });
  try {
    const statement = await httpAgent(agent, prompt).portal();
    const isSigned = logs.some((log) =>
      succeeds(() => {
        verifyPortalStatement(primitives, log, statement);
        return true;
      }),
    );
    if (!isSigned) return 'its statement about the page is not signed by its organisation';
    return statement.sha256 === sha256
      ? undefined
      : 'its organisation signed a statement about another page';
  } catch (error) {
    if (!(error instanceof MedsealError)) throw error;
    return `it gives no statement about its page: ${error.message}`;
  }
}

/** An answer, or what is wrong with it. */
async function answerOf(
  fetch: Fetch,
  url: string,
): Promise<{ readonly bytes: Uint8Array; readonly policy: string } | string> {
  try {
    const signal = AbortSignal.timeout(PATIENCE);
    const answer = await fetch(url, { redirect: 'manual', cache: 'no-store', signal });
    if (answer.status !== 200) return answers(answer.status);
    const { body } = answer as { readonly body: AsyncIterable<Uint8Array> | null };
    const policy = answer.headers.get('content-security-policy') ?? '';
    return { bytes: await readBody({ body }, LIMIT), policy };
  } catch {
    return SILENT;
  }
}

function answers(status: number): string {
  return `it answers ${status}`;
}

/** The address of the page, of an agent's or of its own. */
function pageAt(url: string): string {
  return `${url.replace(/\/+$/, '').replace(/\/portal$/, '')}/portal/`;
}
