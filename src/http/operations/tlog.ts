import { hexToBytes } from '../../crypto/bytes.ts';
import { parseTilePath } from '../../crypto/merkle/parseTilePath.ts';
import { answering } from '../Answering.ts';
import { bytes, text } from '../Reply.ts';

/** An organisation's logs as C2SP tlog-tiles, for tools that others wrote. */
export const tlogAnswers = answering({
  getTlogCheckpoint: {
    tag: 'Explorer',
    summary: 'Returns the newest checkpoint of a log as a signed note (C2SP tlog-tiles).',
    refuses: ['NOT_FOUND', 'NOT_YET'],
    async answer(agent, { parameters: { channel, organisation } }) {
      const { note, root, size } = await agent.checkpoint(`${channel}/${organisation}`);
      return text(note, { keeping: 'checked', tag: `${size}-${root.slice(2)}` });
    },
  },
  getTlogTile: {
    tag: 'Explorer',
    summary: 'Returns a tile of hashes or a bundle of entries (C2SP tlog-tiles).',
    description:
      'A full tile never changes. A partial one does not either, but a fuller one replaces it.',
    refuses: ['NOT_FOUND'],
    async answer(agent, { parameters: { channel, organisation, tile: path } }) {
      const tile = parseTilePath(`tile/${path}`);
      const content = hexToBytes(await agent.tile({ log: `${channel}/${organisation}`, ...tile }));
      return bytes(content, { keeping: tile.width === 256 ? 'forever' : 'minute' });
    },
  },
});
