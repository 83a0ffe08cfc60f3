import { hexToBytes } from '../../crypto/bytes.ts';
import { parseTilePath } from '../../crypto/merkle/parseTilePath.ts';
import { operation } from '../Operation.ts';
import { LOG_PARAMETER, restOfPath } from '../parameters.ts';
import { bytes, text } from '../Reply.ts';

/** An organisation's logs as C2SP tlog-tiles, for tools that others wrote. */
export const tlogOperations = [
  operation({
    id: 'getTlogCheckpoint',
    tag: 'Explorer',
    method: 'GET',
    path: '/v1/tlog/{channel}/{organisation}/checkpoint',
    summary: 'Returns the newest checkpoint of a log as a signed note (C2SP tlog-tiles).',
    parameters: LOG_PARAMETER,
    gives: { 200: { media: 'text/plain; charset=utf-8' } },
    refuses: ['NOT_FOUND', 'NOT_YET'],
    async answer(agent, { parameters: { channel, organisation } }) {
      const { note, root, size } = await agent.checkpoint(`${channel}/${organisation}`);
      return text(note, { keeping: 'checked', tag: `${size}-${root.slice(2)}` });
    },
  }),
  operation({
    id: 'getTlogTile',
    tag: 'Explorer',
    method: 'GET',
    path: '/v1/tlog/{channel}/{organisation}/tile/{tile}',
    summary: 'Returns a tile of hashes or a bundle of entries (C2SP tlog-tiles).',
    description:
      'A full tile never changes. A partial one does not either, but a fuller one replaces it.',
    parameters: {
      ...LOG_PARAMETER,
      tile: restOfPath(
        /^[0-9a-z/.]{1,80}$/,
        'Level (or `entries`), place in groups of three digits, and width if it is partial: `0/x001/234.p/44`. It may hold slashes.',
      ),
    },
    gives: { 200: { media: 'application/octet-stream' } },
    refuses: ['NOT_FOUND'],
    async answer(agent, { parameters: { channel, organisation, tile: path } }) {
      const tile = parseTilePath(`tile/${path}`);
      const content = hexToBytes(await agent.tile({ log: `${channel}/${organisation}`, ...tile }));
      return bytes(content, { keeping: tile.width === 256 ? 'forever' : 'minute' });
    },
  }),
];
