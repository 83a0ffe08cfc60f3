import {
  addDocument,
  agentAddress,
  httpAgent,
  nameOfHash,
  type DocumentAdded,
  type NewDocument,
  type Party,
} from '../../../src/client/index.ts';
import { hashOfPieces } from '../worker/hashOfPieces.ts';
import { requireSpace } from './requireSpace.ts';
import { sealInWorker, streamOf } from './sealInWorker.ts';
import { uploadFetch } from './uploadFetch.ts';

/** AddingProgress of a file that is being added. */
export interface AddingProgress {
  readonly stage: 'reading' | 'sealing' | 'uploading' | 'confirming';
  /** Bytes that are done, and all of them. */
  readonly bytes: number;
  readonly whole: number;
}

/** A file to be put on a chart. */
export interface FileToAdd extends Omit<NewDocument, 'content' | 'once' | 'kind'> {
  readonly content: Blob;
}

/** Options of `addFile`. */
export interface AddingOptions {
  /** Ends it; what was not confirmed by then is not on the chart. */
  readonly signal: AbortSignal;
  readonly onProgress: (progress: AddingProgress) => void;
}

/**
 * Seals a file of any size in a worker, uploads it, and puts it on a chart. The same file added again goes on
 * after what is done already, or gets the original answer.
 *
 * @param party - The author.
 * @param file - The file, what it is, and the right to rely on.
 * @param options - Ends it early, and hears of its progress.
 * @throws MedsealError `DEVICE_FULL`, `FILE_CHANGED`, and what `addDocument` throws; the signal's reason if it was ended.
 */
export async function addFile(
  party: Party,
  { content, ...file }: FileToAdd,
  options: AddingOptions,
): Promise<DocumentAdded> {
  const { signal } = options;
  const told = tell(options, content.size);
  // Before minutes are spent on what could not be finished.
  await requireSpace(content.size);
  const hash = await hashOfPieces(content, { signal, onBytes: told('reading') });
  const once = nameOfHash(
    party,
    file.handle,
    hash,
    JSON.stringify([file.title, file.category, ...(file.type ? [file.type] : [])]),
  );
  try {
    const document = { ...file, content: () => streamOf(content), once };
    return await addDocument(telling(party, options, content.size), document);
  } catch (error) {
    // The client says that the agent did not answer; it was not asked to its end.
    signal.throwIfAborted();
    throw error;
  }
}

type Stage = AddingProgress['stage'];

function tell(
  { onProgress }: AddingOptions,
  whole: number,
): (stage: Stage) => (bytes: number) => void {
  return (stage) => (bytes) => onProgress({ stage, bytes, whole });
}

/** The party, whose files are sealed in a worker and which tells what goes to its agent. */
function telling(party: Party, options: AddingOptions, size: number): Party {
  const { signal, onProgress } = options;
  const told = tell(options, size);
  const { agent } = party;
  const url = agentAddress(agent) ?? '';
  return {
    ...party,
    sealBlob: sealInWorker({ signal, onBytes: told('sealing') }),
    agent: {
      ...agent,
      async upload(request, content) {
        const whole = request.message.size;
        const onBytes = (bytes: number): void => onProgress({ stage: 'uploading', bytes, whole });
        await httpAgent(url, uploadFetch({ signal, onBytes })).upload(request, content);
        signal.throwIfAborted();
        onProgress({ stage: 'confirming', bytes: whole, whole });
      },
    },
  };
}
