import { malformed } from '../../errors/malformed.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { parseShape } from '../../protocol/wire/parseShape.ts';
import type { Signed } from '../../protocol/struct/requests.ts';
import { SIGNED_UPLOAD } from '../../protocol/shapes/askedShapes.ts';
import { answering } from '../Answering.ts';
import { rangeOf } from '../rangeOf.ts';
import { DONE, type Reply } from '../Reply.ts';

/** Operations that take and return sealed files. */
export const fileAnswers = answering({
  putFile: {
    tag: 'Files',
    summary:
      'Puts a sealed file into the vault under a lease of an hour; it stays if an entry names it by then.',
    description:
      'The header `Authorization: Upload …` carries the `Signed.Upload`, as JSON in base64url without padding: the ' +
      'sender of the file, its hash and its size. To extend the lease, send the same again.',
    refuses: [
      'FILE_BEYOND_QUOTA',
      'FILE_MISMATCH',
      'LEDGER_AHEAD',
      'LOG_CLOSED',
      'LOG_WRONG',
      'PARTY_SUSPENDED',
      'PARTY_UNKNOWN',
      'QUOTA_SPENT',
      'REQUEST_EARLY',
      'REQUEST_LATE',
      'SIGNATURE_INVALID',
    ],
    async answer(agent, { parameters, header, content }) {
      const request = announced(header('authorization'));
      if (request.message.file !== parameters.hash) {
        throw new MedsealError('REQUEST_MALFORMED', { what: 'the hash in the path' });
      }
      await agent.upload(request, content);
      return DONE;
    },
  },
  getFile: {
    tag: 'Files',
    summary: 'Returns a sealed file that an acknowledged view released, or a part of it.',
    description:
      'The ticket of the release is the bearer token; it is valid for some minutes. Do not store the answer: a later ' +
      'look is another view, and another entry.',
    headers: {
      Range:
        'One part of the bytes, such as `bytes=1000-`; if it names several parts, the whole file is sent.',
      'If-Range': 'The whole file is sent if it has another `ETag`.',
    },
    refuses: ['FILE_ABSENT', 'RANGE_OUTSIDE', 'RELEASE_UNKNOWN'],
    async answer(agent, { parameters: { hash }, header, headOnly }): Promise<Reply> {
      const ticket = /^Bearer ([0-9a-f]{32})$/.exec(header('authorization'))?.[1];
      if (ticket === undefined) throw new MedsealError('RELEASE_UNKNOWN', {});
      const size = await agent.fileSize(ticket, hash);
      const range = isOther(header('if-range'), hash) ? undefined : rangeOf(header('range'), size);
      if (range === 'outside') throw new MedsealError('RANGE_OUTSIDE', { size });
      const { from, to } = range ?? { from: 0, to: size };
      const headers = {
        'accept-ranges': 'bytes',
        'content-type': 'application/octet-stream',
        'content-length': String(to - from),
        ...(range && { 'content-range': `bytes ${from}-${to - 1}/${size}` }),
      };
      const content = headOnly ? undefined : { stream: agent.download(ticket, hash, range) };
      const status = range === undefined ? 200 : 206;
      return { status, content, keeping: 'never', tag: hash.slice(2), headers };
    },
  },
});

/** Tells whether `If-Range` names another file: then the whole of this one is sent. */
function isOther(header: string, hash: string): boolean {
  return header !== '' && header !== `"${hash.slice(2)}"`;
}

/** The signed `Upload` of a file, as its header carries it. */
function announced(header: string): Signed<'Upload'> {
  const encoded = /^Upload ([\w-]{1,4096})$/.exec(header)?.[1] ?? '';
  return parseShape(SIGNED_UPLOAD, decode(encoded), 'upload', malformed);
}

function decode(encoded: string): unknown {
  try {
    return JSON.parse(Buffer.from(encoded, 'base64url').toString());
  } catch (cause) {
    throw new MedsealError('REQUEST_MALFORMED', { what: 'upload' }, { cause });
  }
}
