import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Party } from '../../client/party/Party.ts';
import type { AgentPort } from '../../protocol/AgentPort.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { tellUploads } from './tellUploads.ts';

async function* pieces(): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(new Uint8Array(3));
}

describe('an upload', () => {
  it('is told once the sealed file goes to the node, with its size', async () => {
    const said: string[] = [];
    const progress = {
      stage: (text: string) => void said.push(text),
      counted: (content: AsyncIterable<Uint8Array>, total?: number) => {
        said.push(`counts ${total}`);
        return content;
      },
    } as unknown as Terminal['progress'];
    const upload: AgentPort['upload'] = async (_request, content) => {
      for await (const piece of content) said.push(`${piece.length} bytes went`);
    };
    const party = { agent: { upload } } as unknown as Party;
    const told = tellUploads({ progress }, party, 'uploading 1 of 2', () => said.push('sent'));
    assert.deepEqual(said, []);
    await told.agent.upload({ message: { size: 3 } } as never, pieces());
    assert.deepEqual(said, ['uploading 1 of 2', 'counts 3', '3 bytes went', 'sent']);
  });
});
