import type { Provenance } from '@medplum/fhirtypes';
import { base64ToBytes, bytesToBase64 } from '../../crypto/base64.ts';
import { utf8ToBytes } from '../../crypto/bytes.ts';
import { portableSha256 } from '../../crypto/portableSha256.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { encodePart } from '../../fhir/encodePart.ts';
import { exactJson } from '../../fhir/exactJson.ts';
import { fileHere, partBefore, type Replaced } from '../../fhir/importedPart.ts';
import { attachedRecord } from '../../fhir/attachedRecords.ts';
import { parseFhirJson } from '../../fhir/parseFhirJson.ts';
import type { PartContent } from '../../fhir/Part.ts';
import { isOfImport } from '../../fhir/provenanceOfImport.ts';
import { acknowledgementCheck } from '../../protocol/evidence/acknowledgementCheck.ts';
import type { Acknowledgement } from '../../protocol/evidence/evidence.ts';
import { parseBody } from '../../protocol/evidence/parseBody.ts';
import type { Address, Hex } from '../../protocol/ids.ts';
import { SIGNED_VERDICT } from '../../protocol/shapes/acknowledgementShape.ts';
import { BYTES32, Either, OneOf, type Pattern } from '../../protocol/wire/findShapeError.ts';
import { isOfShape } from '../../protocol/wire/isOfShape.ts';
import type { Write } from '../../protocol/struct/requests.ts';
import type { ArchiveContext } from './examineArchive.ts';
import { onePiece } from './tapped.ts';
import { parseSealProof, sealFault, formatSealProof, type SealProof } from './sealProof.ts';

/** A record version that a patient brought along from another chart, as a part on this one says. */
export interface RecordOrigin {
  /** Id of the network that it comes from. */
  readonly network: string;
  readonly author: Address;
  /** When it was judged there, Unix seconds. */
  readonly at: number;
  /** The request by which its author put it on the chart there. */
  readonly write: Write;
  readonly acknowledgement: Omit<Acknowledgement, 'index'>;
  readonly seal: SealProof;
  /** Fields that the import gave other values; absent for a file that a part tells of. */
  readonly replaced?: Replaced;
}

/** 16 bytes. */
const MARK: Pattern<Hex> = /^0x[0-9a-f]{32}$/;

/** Proof of where a part or a file comes from. */
const ORIGIN = {
  format: new OneOf('medseal-origin/1'),
  network: BYTES32,
  acknowledgement: { log: 'text', entry: BYTES32, body: 'text', verdicts: [SIGNED_VERDICT] },
  seal: {
    format: new OneOf('medseal-seal/1'),
    record: BYTES32,
    version: 'count',
    file: BYTES32,
    head: 'text',
    fileKey: /^0x[0-9a-f]{32}$/,
  },
  'replaced?': {
    set: MARK,
    'beside?': MARK,
    'provenance?': 'any',
    'records?': [new Either(new OneOf(null), BYTES32)],
    'urls?': [{ entry: 'count', attachment: 'count', url: 'text' }],
  },
} as const;

/**
 * Writes what proves where a part or a file comes from, as its Provenance holds it.
 *
 * @param origin - Network, entry, seal, and what is replaced.
 */
export function formatOrigin({
  network,
  acknowledgement,
  seal,
  replaced,
}: Pick<RecordOrigin, 'network' | 'acknowledgement' | 'seal' | 'replaced'>): string {
  const { log, entry, body, verdicts } = acknowledgement;
  const kept = { log, entry, body, verdicts };
  const all = { format: 'medseal-origin/1', network, acknowledgement: kept, seal };
  return bytesToBase64(utf8ToBytes(exactJson({ ...all, ...(replaced && { replaced }) })));
}

/**
 * Reads where a part says that it comes from: first its own origin, then those of the files that it tells of. Nothing of it is
 * verified: see `originFault`.
 *
 * @param part - A part of a chart.
 * @returns Nothing for a part that was written here.
 * @example
 * ```ts
 * const { content } = await readRecord(doctor, chart, record);
 * const part = partIn(content, record);
 * for (const { network, author } of part ? originsOf(part) : []) console.log(network, author);
 * ```
 */
export function originsOf({
  provenance,
}: Pick<PartContent, 'provenance'>): readonly RecordOrigin[] {
  if (!isOfImport(provenance)) return [];
  const { signature }: Pick<Provenance, 'signature'> = provenance ?? {};
  if (!Array.isArray(signature)) return [];
  return signature.flatMap((each) => parseOrigin(each?.data) ?? []);
}

function parseOrigin(data: unknown): RecordOrigin | undefined {
  const bytes = typeof data === 'string' ? base64ToBytes(data) : undefined;
  if (bytes === undefined) return undefined;
  try {
    const origin = parseFhirJson(bytes);
    if (!isOfShape(ORIGIN, origin)) return undefined;
    const { network, acknowledgement, seal, replaced } = origin;
    const proof = parseSealProof(formatSealProof(seal));
    const { at, request } = parseBody(acknowledgement.body);
    if (proof === undefined || request.type !== 'Write') return undefined;
    return {
      network,
      author: request.party,
      at,
      write: request.message as Write,
      acknowledgement,
      seal: proof,
      ...(replaced && { replaced: replaced as Replaced }),
    };
  } catch (error) {
    // It comes from outside: any other form is nobody's origin.
    if (isMedsealError(error)) return undefined;
    throw error;
  }
}

/**
 * Verifies that a part is what an author of another network put on a chart there, with that network's file alone: the author
 * signed it, a quorum judged it, and the content is what was sealed. It proves who wrote it, and not that the chart was this
 * patient's.
 *
 * @param context - The network that it comes from, and ports.
 * @param part - The part.
 * @param origin - One of `originsOf` the part.
 * @param file - Content of the file, if the origin is that of a file.
 * @returns Reason why it is not proven; undefined if it is.
 * @example
 * ```ts
 * const { content } = await readRecord(doctor, chart, record);
 * const part = partIn(content, record);
 * const former = parseNetworkFile(JSON.parse(pinned));
 * const context = { ...webPorts, network: former, domain: domainOf(former) };
 * const [origin] = part ? originsOf(part) : [];
 * if (part && origin) console.log((await originFault(context, part, origin)) ?? `by ${origin.author}`);
 * ```
 */
export async function originFault(
  context: ArchiveContext,
  part: PartContent,
  origin: RecordOrigin,
  file?: AsyncIterable<Uint8Array>,
): Promise<string | undefined> {
  const { network, acknowledgement, seal, replaced } = origin;
  if (network !== context.network.networkId) return `it comes from the network ${network}`;
  let write: Write;
  try {
    const check = acknowledgementCheck(context, context.network, { strict: true });
    const { flag, request } = check.request(acknowledgement);
    if (flag !== 'A' || request.type !== 'Write') return 'the entry is not an accepted record';
    write = request.message as Write;
  } catch (error) {
    if (isMedsealError(error, 'EVIDENCE_INVALID')) return error.values.reason;
    throw error;
  }
  const named = nameFault(part, origin, write);
  if (named !== undefined) return named;
  const content = replaced === undefined ? file : onePiece(encodePart(partBefore(part, replaced)));
  if (content === undefined) return 'the file is not there';
  return await sealFault({ createSha256: portableSha256, ...context }, write, seal, content);
}

/**
 * Finds out if an import replaced more than names of records: an address that stands in place of another must be that of a record,
 * as the one before, and a file must be one that the part told of when it was written.
 */
function nameFault(
  part: PartContent,
  { replaced }: RecordOrigin,
  { record }: Write,
): string | undefined {
  const own = replaced ?? originsOf(part).find((each) => each.replaced !== undefined)?.replaced;
  const isSound = (own?.urls ?? []).every(({ url }) => {
    const old = attachedRecord(url);
    return old !== undefined && fileHere(part, own, old) !== undefined;
  });
  if (!isSound) return 'an address in it is not that of a record';
  const isTold = replaced !== undefined || fileHere(part, own, record) !== undefined;
  return isTold ? undefined : 'the part did not tell of this file';
}
