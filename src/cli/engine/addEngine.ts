import { EnginePrograms } from '../../node/validator/EnginePrograms.ts';
import { readNodeFolder } from '../node/readNodeFolder.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import type { ENGINE_ADDED } from './engineAnswers.ts';

/**
 * Puts a program of the engine into a node's folder.
 *
 * @throws MedsealError `NODE_ABSENT`; as `EnginePrograms.add` does.
 */
export async function addEngine(
  terminal: Terminal,
  file: string,
  { data }: { readonly data: string },
): Promise<AnswerOf<typeof ENGINE_ADDED>> {
  const { files } = await readNodeFolder(data);
  terminal.changing();
  const value = await new EnginePrograms(files, '').add(file);
  const { sha256, platform } = value;
  return { value, lines: [`The folder has the program ${sha256} for ${platform}.`] };
}
