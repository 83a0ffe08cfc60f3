import type { LedgerProvider } from '../../src/bindings/LedgerProvider.ts';
import { hexToBytes } from '../../src/crypto/bytes.ts';
import { leafHash } from '../../src/crypto/merkle/leafHash.ts';
import { rootOf } from '../../src/crypto/merkle/rootOf.ts';
import { bytesToHex } from '../../src/crypto/bytes.ts';
import { canonicalJson } from '../../src/protocol/wire/canonicalJson.ts';
import { domainOf } from '../../src/protocol/struct/domainOf.ts';
import type { Acknowledgement, LedgerPlace } from '../../src/protocol/evidence/evidence.ts';
import type { Bytes32, LogName } from '../../src/protocol/ids.ts';
import { logOf } from '../../src/protocol/network/networkLookups.ts';
import { parseBody } from '../../src/protocol/evidence/parseBody.ts';
import type {
  CommitEpochs,
  Grant,
  Revoke,
  RuleType,
  Signed,
  Write,
} from '../../src/protocol/struct/requests.ts';
import { digestOf, type SigningContext } from '../../src/protocol/struct/signing.ts';
import { isPending } from '../../src/protocol/rights/isPending.ts';
import { verifyReceipt } from '../../src/protocol/evidence/verifyReceipt.ts';
import { LedgerIndex } from '../../src/services/LedgerIndex.ts';
import type { Consortium } from './Consortium.ts';
import { entriesAt } from './entriesAt.ts';
import type { Witness } from './Witness.ts';

/** A consortium, as far as it is checked. */
export type SettledConsortium = Pick<
  Consortium,
  'organisations' | 'file' | 'services' | 'ports'
> & { readonly ledger: LedgerProvider };

/** Text that marks a body which sums up refusals. */
const SUMMARY = '"format":"medseal-summary/1"';

/**
 * Checks a consortium that is quiet again: logs, their copies, coordinators and the ledger agree, every
 * acknowledgement is in its log, once, under a checkpoint, and every rule stands on the ledger where a client was told.
 *
 * @param consortium - Its organisations are all up, and every log is checkpointed and copied.
 * @param witness - The acknowledgements and signatures of the run.
 * @returns Faults, each in a sentence.
 */
export async function checkSettled(
  consortium: SettledConsortium,
  witness: Pick<Witness, 'told' | 'placed' | 'signed'>,
): Promise<string[]> {
  const { file, ports, ledger } = consortium;
  const context: SigningContext = { domain: domainOf(file), primitives: ports.primitives };
  const index = new LedgerIndex({
    provider: ledger,
    network: file,
    clock: ports.clock,
  });
  await index.refresh();
  const faults: string[] = [];
  const logs = new Map<LogName, readonly Acknowledgement[]>();
  const versions = new Set<string>();

  for (const organisation of consortium.organisations) {
    const name: LogName = `care/${organisation}`;
    const entries = await entriesAt(consortium.services(organisation)?.contributor, name);
    logs.set(name, entries);
    checkRequests(name, entries);
    await checkCopies(name, entries);
    checkRoots(name, entries);
  }
  const told = new Map<Bytes32, Acknowledgement>();
  for (const { request, acknowledgement } of witness.told) {
    const { log, index: place, entry, body } = acknowledgement;
    const kept = logs.get(log)?.[place];
    if (kept?.entry !== entry || kept.body !== body) faults.push(`${log} lost #${place}`);
    if (canonicalJson(parseBody(body).request) !== canonicalJson(request)) {
      faults.push(`${log} #${place} is of another request`);
    }
    told.set(entry, acknowledgement);
  }
  for (const acknowledgement of told.values()) await checkReceipt(acknowledgement);
  for (const { request, transaction, block } of witness.placed) {
    const held = placeOf(request);
    if (held?.transaction !== transaction || held.block !== block) {
      faults.push(`the ledger has no ${request.type} in block ${block}, as a client was told`);
    }
  }
  return faults;

  /** Place of a rule by the ledger's final blocks. */
  function placeOf({ type, message }: Signed<RuleType>): LedgerPlace | undefined {
    if (type === 'Grant') return index.granted(digestOf(context, type, message as Grant));
    if (type === 'Revoke') return index.ended((message as Revoke).grant);
    const { handle, first, root } = message as CommitEpochs;
    return index.places.of('EpochsCommitted', handle, first, root);
  }

  /** A request has one entry, and a version of a record one author. */
  function checkRequests(name: LogName, entries: readonly Acknowledgement[]): void {
    const requests = new Set<string>();
    for (const { index: place, body } of entries) {
      if (body.includes(SUMMARY)) continue;
      const { flag, request } = parseBody(body);
      const digest = digestOf(context, request.type, request.message);
      if (requests.has(digest)) faults.push(`${name} #${place} repeats a request`);
      requests.add(digest);
      if (request.type !== 'Write' || flag !== 'A') continue;
      const { handle, record, version } = request.message as Write;
      const number = `${handle} ${record} ${version}`;
      if (versions.has(number)) faults.push(`${name} #${place} repeats a version`);
      versions.add(number);
    }
  }

  async function checkCopies(name: LogName, entries: readonly Acknowledgement[]): Promise<void> {
    const whole = rootOfEntries(entries);
    const held = index.checkpoint(logOf(file, name).log.id);
    if (entries.length > 0 && (held?.size !== entries.length || held.root !== whole)) {
      faults.push(`the ledger holds ${held?.size} of ${entries.length} entries of ${name}`);
    }
    for (const organisation of consortium.organisations) {
      const copy = await entriesAt(consortium.services(organisation)?.contributor, name);
      if (canonicalJson(copy) !== canonicalJson(entries)) {
        faults.push(`the copy of ${name} at ${organisation} is another: ${copy.length} entries`);
      }
      const latest = await consortium.services(organisation)?.contributor.latestCheckpoint(name);
      if (entries.length > 0 && latest?.checkpoint.root !== whole) {
        faults.push(`the checkpoint of ${name} at ${organisation} is another`);
      }
    }
  }

  function checkRoots(name: LogName, entries: readonly Acknowledgement[]): void {
    const { log } = logOf(file, name);
    for (const { origin, size, root } of witness.signed.values()) {
      if (origin === log.origin && rootOfEntries(entries.slice(0, size)) !== root) {
        faults.push(`a coordinator signed another root of ${name} at ${size}`);
      }
    }
  }

  async function checkReceipt(acknowledgement: Acknowledgement): Promise<void> {
    const { log, index: place } = acknowledgement;
    const { organisation } = logOf(file, log).log;
    try {
      const services = consortium.services(organisation);
      const proof = await services?.agent.receipt({ log, index: place });
      if (proof === undefined || isPending(proof)) throw new Error('it is down, or not so far');
      verifyReceipt(context, file, { format: 'medseal-receipt/1', acknowledgement, ...proof });
    } catch (error) {
      faults.push(`no receipt for ${log} #${place}: ${String(error)}`);
    }
  }

  function rootOfEntries(entries: readonly Acknowledgement[]): Bytes32 {
    const { primitives } = context;
    return bytesToHex(
      rootOf(
        primitives,
        entries.map(({ entry }) => leafHash(primitives, hexToBytes(entry))),
      ),
    );
  }
}
