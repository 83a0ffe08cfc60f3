import { parentPort } from 'node:worker_threads';
import { bytesToUtf8 } from '../../crypto/bytes.ts';
import { createNativePrimitives } from '../../native/nativePrimitives.ts';
import { readEvidenceBody, readSignature } from '../../protocol/evidence/readEvidence.ts';
import type { Signed } from '../../protocol/struct/requests.ts';
import type { SigningContext } from '../../protocol/struct/signing.ts';
import { encodeFound, unpackTexts, type FoundText, type Job } from './frames.ts';

/** A thread that reads evidence for `ReaderPool`; it keeps nothing from one job to the next. */
const primitives = await createNativePrimitives();
/** One object for each network, by which its cached separator is found. */
const contexts = new Map<string, SigningContext>();
const NO_ENTRY = new Uint8Array(32);

parentPort?.on('message', (job: Job) => {
  const context = contextOf(job);
  const found = unpackTexts(job).map((bytes) => read(context, job.kind, bytes));
  const frames = encodeFound(found);
  parentPort?.postMessage({ id: job.id, frames }, [frames.buffer as ArrayBuffer]);
});

function contextOf({ domain, network }: Pick<Job, 'domain' | 'network'>): SigningContext {
  const key = JSON.stringify([domain, network]);
  const context = contexts.get(key) ?? { domain, primitives, ...(network && { network }) };
  contexts.set(key, context);
  return context;
}

/** Returns nothing for a malformed text: the caller finds the reason. */
function read(context: SigningContext, kind: Job['kind'], bytes: Uint8Array): FoundText {
  try {
    const text = bytesToUtf8(bytes);
    if (kind === 'bodies') return readEvidenceBody(context, text);
    return { entry: NO_ENTRY, signature: readSignature(context, JSON.parse(text) as Signed) };
  } catch {
    return undefined;
  }
}
