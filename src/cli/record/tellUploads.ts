import type { Party } from '../../client/party/Party.ts';
import type { Terminal } from '../terminal/Terminal.ts';

/**
 * Returns the party at an agent that says when it uploads a sealed file, and how much of the file went.
 *
 * @param terminal - For progress.
 * @param party - The party.
 * @param stage - Text for the progress, such as `uploading 1 of 2`.
 * @param onSent - Called each time that all of a file went.
 */
export function tellUploads(
  { progress }: Pick<Terminal, 'progress'>,
  party: Party,
  stage: string,
  onSent: () => void = () => undefined,
): Party {
  const { agent } = party;
  return {
    ...party,
    agent: {
      ...agent,
      async upload(request, content) {
        progress.stage(stage);
        await agent.upload(request, progress.counted(content, request.message.size));
        onSent();
      },
    },
  };
}
